import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { Signer } from "../../ports.ts";

/** A key of KMS; `keyId` is its id, ARN or alias (`alias/…`). */
export const kmsSigner = ({ kms, keyId }: { readonly kms: KMSClient; readonly keyId: string }): Signer => ({
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
        SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
      }),
    );
    return Signature ?? nothing("signature", keyId);
  },
});

function nothing(what: string, keyId: string): never {
  throw new Error(`KMS answered without a ${what} for ${keyId}`);
}
