import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll } from "vitest";
import { startKms } from "../../src/local/kms/server.ts";
import { kmsSigner } from "../../src/platform/aws/signer.ts";
import { signerContract } from "./signer.contract.ts";

const ends: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(ends.map((end) => end())));

signerContract("the embedded KMS", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "signer-contract-"));
  const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "a secret of tests" };
  const server = await startKms({
    dir,
    port: 0,
    credentials: { [credentials.accessKeyId]: credentials.secretAccessKey },
    log: () => undefined,
  });
  ends.push(async () => {
    await server.close();
    await rm(dir, { recursive: true });
  });
  const kms = new KMSClient({ region: "eu-central-1", endpoint: server.url, credentials });
  const made = await kms.send(new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }));
  return kmsSigner({ kms, keyId: made.KeyMetadata!.KeyId! });
});

/** An RSA key of KMS for SIGN_VERIFY: id, ARN or alias; region and credentials are ambient. */
const real = process.env["MILLWRIGHT_CONTRACT_AWS_KEY"];

signerContract(
  "AWS KMS",
  async () => kmsSigner({ kms: new KMSClient({}), keyId: real ?? "" }),
  real ? undefined : "MILLWRIGHT_CONTRACT_AWS_KEY names no key",
);
