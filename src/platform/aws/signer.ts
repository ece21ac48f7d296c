import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { Signer } from "../../ports.ts";

interface KmsKey {
  readonly kms: KMSClient;
  /** Its id, ARN or alias (`alias/…`). */
  readonly keyId: string;
  /** `RSA` (PKCS#1 v1.5) if nothing is said, or `ECDSA` on P-256, whose signatures are in DER and never alike. */
  readonly by?: keyof typeof ALGORITHMS;
}

/** A key of KMS that signs digests of SHA-256. */
export const kmsSigner = ({ kms, keyId, by = "RSA" }: KmsKey): Signer => ({
  async publicKey() {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
    return PublicKey ?? nothing("public key", keyId);
  },

  async sign(digest) {
    const { Signature } = await kms.send(
      new SignCommand({
        KeyId: keyId,
        Message: digest,
        MessageType: "DIGEST",
        SigningAlgorithm: ALGORITHMS[by],
      }),
    );
    return Signature ?? nothing("signature", keyId);
  },
});

const ALGORITHMS = { RSA: "RSASSA_PKCS1_V1_5_SHA_256", ECDSA: "ECDSA_SHA_256" } as const;

function nothing(what: string, keyId: string): never {
  throw new Error(`KMS answered without a ${what} for ${keyId}`);
}
