import { armor, enums, readKey, readSignature } from "openpgp";
import { armored, certificatesIn, verifyDetached } from "../publish/openpgp.ts";
import { amiss } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { badKey, badSignature, malformed } from "./words.ts";

/** Public keys as they are published: the one that signs, and those that will sign or did, after each other in `text`. */
export interface Certificate {
  /** Of the key that signs; hex, upper case. */
  readonly fingerprint: string;
  readonly text: string;
  readonly keys: readonly Omit<Certificate, "keys">[];
}

/** Reads a key file; all in it must be armored public keys, sign for themselves, and be written as we write them: what
 *  else stands in the file is passed over by some readers and trusted by others. */
export async function certificateOf(where: string, text: string): Promise<Certificate> {
  const [first, ...others] = await Promise.all(certificatesIn(text).map((one) => keyIn(where, one)));
  if (!first) throw amiss(malformed(where, "there is no key in it"));
  await first.key.getSigningKey().catch((error: unknown) => {
    throw amiss(badKey(where, wordsOf(error)));
  });
  const keys = [first, ...others].map(({ fingerprint, text }) => ({ fingerprint, text }));
  return { fingerprint: first.fingerprint, text, keys };
}

async function keyIn(where: string, text: string) {
  const key = await readKey({ armoredKey: text }).catch((error: unknown) => {
    throw amiss(badKey(where, wordsOf(error)));
  });
  if (armor(enums.armor.publicKey, key.write(), undefined, undefined, undefined, true) !== text)
    throw amiss(malformed(where, "there is more in it than keys, or it is written in another way"));
  // What was over when it signed itself was never good.
  await key.verifyPrimaryKey(key.getCreationTime()).catch((error: unknown) => {
    throw amiss(badKey(where, wordsOf(error)));
  });
  return { key, fingerprint: key.getFingerprint().toUpperCase(), text };
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
