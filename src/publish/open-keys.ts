import { KMSClient } from "@aws-sdk/client-kms";
import { kmsSigner } from "../platform/aws/signer.ts";
import { attestationKey } from "./dsse.ts";
import type { Desk } from "./judge.ts";
import { withOthers } from "./key-ring.ts";
import type { Manifest } from "./manifest.ts";
import { openPgpKey } from "./openpgp.ts";
import type { Identity } from "./openpgp.ts";

/** The keys that a manifest names, as KMS has them. */
export async function openKeys({
  key,
  ships = [],
  attestation,
}: Manifest): Promise<Pick<Desk, "key" | "attestationKey">> {
  const kms = new KMSClient({});
  const [first, ...others] = await Promise.all(
    [key, ...ships].map((one) => openPgpKey(kmsSigner({ kms, keyId: one.id }), identityOf(one))),
  );
  if (!first) throw new Error("The manifest names no key.");
  const attests = await Promise.all(
    attestation
      ? [attestation.key, ...(attestation.ships ?? [])].map(({ id }) =>
          attestationKey(kmsSigner({ kms, keyId: id, by: "ECDSA" })),
        )
      : [],
  );
  const pem = attests.map((one) => one.pem).join("");
  return { key: withOthers(first, others), attestationKey: attests[0] && { ...attests[0], pem } };
}

const DAY = 86_400_000;

/** The day that a key expires on is its last one. */
const identityOf = ({ name, email, created, expires }: Manifest["key"]): Identity => ({
  name,
  email,
  created: new Date(created),
  expires: expires === undefined ? undefined : new Date(Date.parse(expires) + DAY),
});
