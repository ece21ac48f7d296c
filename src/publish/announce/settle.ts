import type { Versioned } from "../../ports.ts";
import type { Desk } from "../judge.ts";
import { same } from "../mirror.ts";
import { armored, verifyDetached } from "../openpgp.ts";
import { sha256 } from "../snapshot.ts";

/** What writing an announcement needs of a publish stage. */
export type Press = Pick<Desk, "mirror" | "key"> & { readonly manifest: Pick<Desk["manifest"], "at"> };

/**
 * Where the signature over these very bytes is, below the channel. It is there before the bytes are: who reads a document
 * of an announcement and then the signature by its digest always finds the one that belongs to it, whatever is being
 * written. `<document>.asc`, for people and tools that expect it there, follows a moment later: if it does not verify, the
 * document was just changed, and both are to be read again.
 */
export const signatureKey = (bytes: Uint8Array): string => `signatures/${sha256(bytes)}.asc`;

/** A document as it is on the mirror; one that our key did not sign is not believed. */
export async function readSigned(
  { mirror, key }: Press,
  path: string,
): Promise<Versioned<Uint8Array> | undefined> {
  const there = await mirror.get(path);
  if (!there) return undefined;
  const signature = await mirror.get(signatureKey(there.value));
  if (!signature) throw new Error(`${path} on the mirror is not signed by us.`);
  await verifyDetached(key.certificate, there.value, Buffer.from(signature.value).toString());
  return there;
}

/** Makes a document of what is there, by compare-and-swap and signed, and gives what is there in the end. Again is as good
 *  as once, and what a publisher left half done is brought to its end. */
export async function settle(
  press: Press,
  path: string,
  render: (was: Uint8Array | undefined) => Promise<string>,
): Promise<Uint8Array> {
  for (;;) {
    const was = await readSigned(press, path);
    const wanted = Buffer.from(await render(was?.value));
    if (was && same(was.value, wanted)) break;
    await sign(press, wanted);
    const isWritten = was
      ? await press.mirror.replace(path, wanted, was.version)
      : await press.mirror.create(path, wanted);
    if (isWritten) break;
  }
  return besides(press, path);
}

async function sign({ mirror, key, manifest }: Press, bytes: Uint8Array): Promise<void> {
  const place = signatureKey(bytes);
  if (await mirror.get(place)) return;
  await mirror.create(place, Buffer.from(armored(await key.detach(bytes, new Date(manifest.at)))));
}

/** Puts the signature beside the document. The old one is read first: whoever changes the document after that changes it
 *  too, and then one of us is told that somebody was faster. */
async function besides({ mirror }: Press, path: string): Promise<Uint8Array> {
  for (;;) {
    const old = await mirror.get(`${path}.asc`);
    const there = await mirror.get(path);
    const signature = there && (await mirror.get(signatureKey(there.value)));
    if (!there || !signature) throw new Error(`${path} went away from the mirror while it was written.`);
    if (old && same(old.value, signature.value)) return there.value;
    const isWritten = old
      ? await mirror.replace(`${path}.asc`, signature.value, old.version)
      : await mirror.create(`${path}.asc`, signature.value);
    if (isWritten) return there.value;
  }
}
