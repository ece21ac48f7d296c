import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  type KeySpec,
  SignCommand,
  VerifyCommand,
  type VerifyCommandInput,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonServer } from "../../../src/local/json-protocol.ts";
import { type KmsOptions, startKms } from "../../../src/local/kms/server.ts";

const OWNER = { accessKeyId: "AKIDOWNER", secretAccessKey: "owner's secret" };
const READER = { accessKeyId: "AKIDREADER", secretAccessKey: "reader's secret" };
const RSA = "RSASSA_PKCS1_V1_5_SHA_256";

let dir: string;
let server: JsonServer;
let kms: KMSClient;

const serve = (more: Partial<KmsOptions> = {}) =>
  startKms({
    dir,
    port: 0,
    credentials: Object.fromEntries([OWNER, READER].map((key) => [key.accessKeyId, key.secretAccessKey])),
    allow: (key, action) => key === OWNER.accessKeyId || action === "kms:GetPublicKey",
    log: () => undefined,
    ...more,
  });
const client = (endpoint: string, credentials = OWNER) =>
  new KMSClient({ region: "eu-central-1", endpoint, credentials, maxAttempts: 1 });
const make = async (KeySpec: KeySpec = "RSA_2048") =>
  (await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: "SIGN_VERIFY", Description: "why" })))
    .KeyMetadata!;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "kms-test-"));
  server = await serve();
  kms = client(server.url);
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const Message = Buffer.from("a message");
const digest = createHash("sha256").update(Message).digest();

test("a key is described by id, ARN and alias alike", async () => {
  const key = await make();
  await kms.send(new CreateAliasCommand({ AliasName: "alias/signing", TargetKeyId: key.KeyId }));
  for (const KeyId of [key.KeyId, key.Arn, "alias/signing", key.Arn?.replace(/key\/.*/, "alias/signing")]) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toEqual(key);
  }
  expect(key).toMatchObject({
    KeySpec: "RSA_2048",
    KeyUsage: "SIGN_VERIFY",
    KeyState: "Enabled",
    Description: "why",
    SigningAlgorithms: [RSA],
  });
  const again = new CreateAliasCommand({ AliasName: "alias/signing", TargetKeyId: key.KeyId });
  await expect(kms.send(again)).rejects.toMatchObject({ name: "AlreadyExistsException" });
  const unknown = new DescribeKeyCommand({ KeyId: "alias/none" });
  await expect(kms.send(unknown)).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a digest is signed as it is, a message after hashing, and both are the same signature", async () => {
  const { KeyId } = await make();
  const raw = await kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm: RSA }));
  const signed = await kms.send(
    new SignCommand({ KeyId, Message: digest, MessageType: "DIGEST", SigningAlgorithm: RSA }),
  );
  expect(signed.Signature).toEqual(raw.Signature);
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  const key = createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
  expect(verify("sha256", Message, key, signed.Signature!)).toBe(true);
});

test("a signature is verified, and a wrong one is an error", async () => {
  const { KeyId } = await make();
  const how = { KeyId, SigningAlgorithm: RSA } as const;
  const { Signature } = await kms.send(new SignCommand({ ...how, Message: digest, MessageType: "DIGEST" }));
  const right = await kms.send(
    new VerifyCommand({ ...how, Message: digest, MessageType: "DIGEST", Signature }),
  );
  expect(right.SignatureValid).toBe(true);
  expect((await kms.send(new VerifyCommand({ ...how, Message, Signature }))).SignatureValid).toBe(true);
  for (const wrong of [
    { Message: Buffer.from("another message"), MessageType: "RAW" },
    { Message: createHash("sha256").update("another").digest(), MessageType: "DIGEST" },
  ] as const)
    await expect(kms.send(new VerifyCommand({ ...how, ...wrong, Signature }))).rejects.toMatchObject({
      name: "KMSInvalidSignatureException",
    });
});

describe("an elliptic curve key", () => {
  const how = { SigningAlgorithm: "ECDSA_SHA_256" } as const;
  const signed = async (KeyId: string | undefined, bytes: Buffer) =>
    kms.send(new SignCommand({ ...how, KeyId, Message: bytes, MessageType: "DIGEST" }));
  const verified = (question: VerifyCommandInput) =>
    kms.send(new VerifyCommand(question)).then(({ SignatureValid }) => SignatureValid);

  test("signs messages, and by its own algorithm alone", async () => {
    const { KeyId } = await make("ECC_NIST_P256");
    const { Signature } = await kms.send(new SignCommand({ ...how, KeyId, Message }));
    expect(await verified({ ...how, KeyId, Message, Signature })).toBe(true);
    const mixed = new SignCommand({ KeyId, Message, SigningAlgorithm: RSA });
    await expect(kms.send(mixed)).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
  });

  test("signs digests, which Node and the key itself believe, each time with other bytes", async () => {
    const { KeyId } = await make("ECC_NIST_P256");
    const { PublicKey, KeySpec } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    expect(KeySpec).toBe("ECC_NIST_P256");
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: "der", type: "spki" });
    const seen = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const message = Buffer.from(`message ${n}`);
      const bytes = createHash("sha256").update(message).digest();
      const { Signature } = await signed(KeyId, bytes);
      expect(verify("sha256", message, key, Signature!)).toBe(true);
      expect(await verified({ ...how, KeyId, Message: bytes, MessageType: "DIGEST", Signature })).toBe(true);
      seen.add(Buffer.from(Signature!).toString("hex"));
    }
    for (let n = 0; n < 3; n += 1)
      seen.add(Buffer.from((await signed(KeyId, digest)).Signature!).toString("hex"));
    expect(seen.size).toBe(43);
  });

  test("believes a digest's signature that Node made, and none of another message, key or form", async () => {
    const [ours, theirs] = [await make("ECC_NIST_P256"), await make("ECC_NIST_P256")];
    const { Signature: node } = await kms.send(new SignCommand({ ...how, KeyId: ours.KeyId, Message }));
    const asked = { ...how, KeyId: ours.KeyId, Message: digest, MessageType: "DIGEST" } as const;
    expect(await verified({ ...asked, Signature: node })).toBe(true);
    const { Signature } = await signed(theirs.KeyId, digest);
    const cut = Buffer.from(node!).subarray(0, -1);
    const other = createHash("sha256").update("another").digest();
    for (const wrong of [
      { Signature },
      { Signature: cut },
      { Signature: Buffer.concat([node!, Buffer.of(0)]) },
      { Signature: Buffer.of(0x30, 6, 2, 1, 0, 2, 1, 0) },
      { Signature: Buffer.of(1) },
      { Signature: node, Message: other },
    ])
      await expect(verified({ ...asked, ...wrong })).rejects.toMatchObject({
        name: "KMSInvalidSignatureException",
      });
  });

  test("signs digests of 32 bytes only", async () => {
    const { KeyId } = await make("ECC_NIST_P256");
    await expect(signed(KeyId, Message)).rejects.toMatchObject({ name: "ValidationException" });
  });
});

test("keys survive a restart, in files that the owner alone may read", async () => {
  const { KeyId } = await make();
  const ask = new SignCommand({ KeyId, Message, SigningAlgorithm: RSA });
  const before = await kms.send(ask);
  const next = await serve();
  const after = await client(next.url).send(ask);
  await next.close();
  expect(after.Signature).toEqual(before.Signature);
  const files = await readdir(dir);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect((await stat(path.join(dir, file))).mode & 0o777).toBe(0o600);
});

test("who may read the public key may not sign for that", async () => {
  const { KeyId, Arn } = await make();
  const reader = client(server.url, READER);
  expect((await reader.send(new GetPublicKeyCommand({ KeyId }))).KeyId).toBe(Arn);
  const sign = new SignCommand({ KeyId, Message, SigningAlgorithm: RSA });
  await expect(reader.send(sign)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const thief = client(server.url, { ...OWNER, secretAccessKey: "guessed" });
  await expect(thief.send(sign)).rejects.toMatchObject({ name: "InvalidSignatureException" });
});

test("a key's name cannot lead out of its directory", async () => {
  for (const KeyId of ["../../etc/passwd", "key/../x", "alias/../../x"])
    await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
});
