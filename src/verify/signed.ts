import { armor, enums, readKey, readSignature } from "openpgp";
import { armored, verifyDetached } from "../publish/openpgp.ts";
import { amiss } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { badKey, badSignature, malformed } from "./words.ts";

/** A public key as it is published. */
export interface Certificate {
  /** Hex, upper case. */
  readonly fingerprint: string;
  readonly text: string;
}

/** Reads an armored public key; it must be one, sign for itself, and be written as we write it: what else stands in the
 *  file is passed over by some readers and trusted by others. */
export async function certificateOf(where: string, text: string): Promise<Certificate> {
  const key = await readKey({ armoredKey: text }).catch((error: unknown) => {
    throw amiss(badKey(where, wordsOf(error)));
  });
  if (armor(enums.armor.publicKey, key.write(), undefined, undefined, undefined, true) !== text)
    throw amiss(malformed(where, "there is more than one key in it, or it is written in another way"));
  await key.getSigningKey().catch((error: unknown) => {
    throw amiss(badKey(where, wordsOf(error)));
  });
  return { fingerprint: key.getFingerprint().toUpperCase(), text };
}

/** Reads an object that has its signature beside it, and believes it only by this key. */
export async function signed(net: Net, url: string, certificate: Certificate): Promise<Buffer> {
  const [bytes, signature] = await Promise.all([whole(net, url), whole(net, `${url}.asc`)]);
  const text = signature.toString();
  const refused = (error: unknown) => {
    throw amiss(badSignature(url, certificate.fingerprint, wordsOf(error)));
  };
  const read = await readSignature({ armoredSignature: text }).catch(refused);
  await verifyDetached(certificate.text, bytes, text).catch(refused);
  if (read.packets.length !== 1 || armored(read.write()) !== text)
    throw amiss(
      malformed(`${url}.asc`, "there is more than one signature in it, or it is written in another way"),
    );
  return bytes;
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").replace(/\.$/, "");
