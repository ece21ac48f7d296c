import { constants, createPublicKey, privateEncrypt, publicDecrypt, sign, verify } from "node:crypto";
import { serviceError } from "../json-protocol.ts";
import { signDigest, verifyDigest } from "./digest-ecdsa.ts";
import type { Key, KeySpec } from "./keys.ts";

export type Algorithm = "RSASSA_PKCS1_V1_5_SHA_256" | "ECDSA_SHA_256";

export const algorithmsOf = (spec: KeySpec): readonly Algorithm[] =>
  spec === "ECC_NIST_P256" ? ["ECDSA_SHA_256"] : ["RSASSA_PKCS1_V1_5_SHA_256"];

/** DER of `DigestInfo` up to the 32 bytes of a SHA-256 (RFC 8017, 9.2). */
const SHA256_DIGEST_INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");

export interface Message {
  readonly bytes: Buffer;
  readonly type: "RAW" | "DIGEST";
}

/** Signs a message, or its SHA-256 without hashing that again. */
export function signMessage(key: Key, message: Message): Buffer {
  if (message.type === "RAW") return sign("sha256", message.bytes, key.private);
  const digest = digestOf(message);
  if (key.spec === "ECC_NIST_P256") return signDigest(key.private, digest);
  return privateEncrypt(
    { key: key.private, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([SHA256_DIGEST_INFO, digest]),
  );
}

/** Whether `signature` is this key's over the message. */
export function verifyMessage(key: Key, message: Message, signature: Buffer): boolean {
  const publicKey = createPublicKey(key.private);
  if (message.type === "RAW") return verify("sha256", message.bytes, publicKey, signature);
  const digest = digestOf(message);
  if (key.spec === "ECC_NIST_P256") return verifyDigest(key.private, digest, signature);
  try {
    const info = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
    return info.equals(Buffer.concat([SHA256_DIGEST_INFO, digest]));
  } catch {
    return false;
  }
}

function digestOf({ bytes }: Message): Buffer {
  if (bytes.length !== 32)
    throw serviceError(
      "ValidationException",
      "Digest is invalid length for algorithm: a SHA-256 has 32 bytes.",
    );
  return bytes;
}
