import type { OpenPgpKey } from "../openpgp.ts";
import { dictionary, variantOf } from "../../pipelines/ostree/gvariant.ts";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import { signaturesShape } from "../../pipelines/ostree/shapes.ts";

/** Who signs, and when the signatures say that it was. */
export interface Hand {
  readonly key: Pick<OpenPgpKey, "detach">;
  readonly at: Date;
}

/** What ostree keeps beside a commit (`.commitmeta`) or a summary (`summary.sig`) so that clients can tell who made it. */
export async function signatureOf({ key, at }: Hand, signed: Uint8Array): Promise<Dictionary> {
  const signature = Buffer.from(await key.detach(signed, at));
  return [["ostree.gpgsigs", variantOf("aay", signaturesShape, [signature])]];
}

export const writeSignature = (signature: Dictionary): Buffer => dictionary.write(signature);
