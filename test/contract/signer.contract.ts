import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Signer } from "../../src/ports.ts";

/** What we hold KMS to. Each case cites the sentence of the documentation that promises it. */
export function signerContract(where: string, start: () => Promise<Signer>, reasonToSkip?: string): void {
  const title = reasonToSkip === undefined ? where : `${where} (skipped, because ${reasonToSkip})`;
  describe.skipIf(reasonToSkip !== undefined)(`a signer on ${title}`, () => {
    let signer: Signer;
    let key: KeyObject;
    beforeAll(async () => {
      signer = await start();
      key = createPublicKey({ key: Buffer.from(await signer.publicKey()), format: "der", type: "spki" });
    });

    const message = Buffer.from("what is signed");
    const digest = createHash("sha256").update(message).digest();

    // GetPublicKey: "PublicKey: The exported public key. The value is a DER-encoded X.509 public key, also known as
    // SubjectPublicKeyInfo (SPKI), as defined in RFC 5280."
    test("its public key is an RSA key of 2048 bits or more", () => {
      expect(key.asymmetricKeyType).toBe("rsa");
      expect(key.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2048);
    });

    // Sign, MessageType: "When the value is DIGEST, KMS skips the hashing step in the signing algorithm." Signature:
    // "When used with the supported RSA signing algorithms, the encoding of this value is defined by PKCS #1 in RFC 8017."
    test("a signature over a digest is one over the message", async () => {
      expect(verify("sha256", message, key, await signer.sign(digest))).toBe(true);
    });

    // RSASSA-PKCS1-v1_5 is deterministic (RFC 8017, 8.2): signing again after a crash gives the same bytes.
    test("the same digest gives the same signature", async () => {
      expect(Buffer.from(await signer.sign(digest))).toEqual(Buffer.from(await signer.sign(digest)));
    });

    // Sign, MessageType: "When the value of MessageType is DIGEST, the length of the Message value must match the
    // length of hashed messages for the specified signing algorithm."
    test("what is not as long as a digest is refused", async () => {
      await expect(signer.sign(digest.subarray(0, 20))).rejects.toMatchObject({
        name: "ValidationException",
      });
    });
  });
}
