import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { startKms } from "../src/local/kms/server.ts";
import { startS3 } from "../src/local/s3/server.ts";
import type { Operation } from "../src/local/s3/wire.ts";
import { s3Blobs } from "../src/platform/aws/blobs.ts";
import { kmsSigner } from "../src/platform/aws/signer.ts";
import { openPgpKey } from "../src/publish/openpgp.ts";
import { pointerKey, pointerText } from "../src/publish/pointer.ts";
import { repomdXml } from "../src/publish/repomd.ts";
import { KEY_FILE, repoFile, repoFileName } from "../src/publish/repo-file.ts";
import { s3Mirror } from "../src/publish/s3-mirror.ts";
import { sha256, snapshotKey, takeNumber } from "../src/publish/snapshot.ts";
import { manifestOf, offer } from "../test/publish/kit.ts";
import type { Repository } from "./publish-repository.ts";

const CREDENTIALS = { accessKeyId: "AKIDBENCH", secretAccessKey: "secret of the bench" };
const SIDES = { region: "eu-central-1", credentials: CREDENTIALS };
const TARGET = "leap-15.6";

/** What one publication asked of S3: objects and bytes that it wrote, and bytes that it read. */
export interface Traffic {
  readonly objects: number;
  readonly written: number;
  readonly read: number;
}

/** An S3 and a KMS with a channel in which this repository is the current snapshot. */
export async function publishWorld(dir: string, repository: Repository) {
  const operations: Operation[] = [];
  const credentials = { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey };
  const faults = (operation: Operation): undefined => void operations.push(operation);
  const server = await startS3({ dir: join(dir, "s3"), port: 0, credentials, faults });
  const kms = await startKms({ dir: join(dir, "kms"), port: 0, credentials, log: () => {} });
  const s3 = new S3Client({ endpoint: server.url, ...SIDES });
  const client = new KMSClient({ endpoint: kms.url, ...SIDES });
  await openBucket(s3);
  const made = await client.send(new CreateKeyCommand({ KeySpec: "RSA_4096", KeyUsage: "SIGN_VERIFY" }));
  const id = made.KeyMetadata?.KeyId ?? "";
  const url = `${server.url}/bench/mirror/acme`;
  const blobs = s3Blobs({ s3, bucket: "bench", nonce: () => "bench" });
  const { key: identity, at } = manifestOf(url, []);
  const { name, email, created } = identity;
  const signer = kmsSigner({ kms: client, keyId: id });
  const key = await openPgpKey(signer, { name, email, created: new Date(created) });
  await place({ s3, url, key, at }, repository);
  return {
    /** The environment of a publish stage that brings this package. */
    async order(rpm: string): Promise<Readonly<Record<string, string | undefined>>> {
      await blobs.put("new.rpm", await readFile(rpm));
      const said = await offer("", { file: rpm, arch: "x86_64" });
      const manifest = {
        ...manifestOf(url, [{ ...said, url: await blobs.lend("new.rpm", 600) }]),
        mirror: { bucket: "bench", prefix: "mirror/acme", url },
        key: { ...identity, id },
        upload: await blobs.admit("results/", { bytes: 1e6, seconds: 600 }),
      };
      await blobs.put("manifest", JSON.stringify(manifest));
      return {
        PATH: process.env["PATH"],
        TMPDIR: dir,
        MILLWRIGHT_JOB: manifest.job,
        MILLWRIGHT_MANIFEST: await blobs.lend("manifest", 600),
        AWS_REGION: SIDES.region,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_ENDPOINT_URL_S3: server.url,
        AWS_ENDPOINT_URL_KMS: kms.url,
      };
    },
    /** Counts what is asked of the mirror while `work` is done. */
    async during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly traffic: Traffic }> {
      operations.length = 0;
      const result = await work();
      const seen = operations.filter(({ key }) => key.startsWith("mirror/"));
      const sizes = await sizesIn(s3);
      const bytes = (keys: readonly string[]) => keys.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0);
      const keysOf = (name: string) => seen.filter((one) => one.name === name).map(({ key }) => key);
      const written = [...new Set(keysOf("PutObject"))];
      const traffic = { objects: written.length, written: bytes(written), read: bytes(keysOf("GetObject")) };
      return { result, traffic };
    },
    async [Symbol.asyncDispose]() {
      s3.destroy();
      client.destroy();
      await kms.close();
      await server.close();
    },
  };
}

async function openBucket(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: "bench" }));
  const Resource = "arn:aws:s3:::bench/mirror/*";
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "bench", Policy }));
}

/** Makes the repository the channel's first snapshot. */
async function place(
  to: {
    readonly s3: S3Client;
    readonly url: string;
    readonly key: Awaited<ReturnType<typeof openPgpKey>>;
    readonly at: string;
  },
  { counts, files }: Repository,
): Promise<void> {
  const mirror = s3Mirror(to.s3, { bucket: "bench", prefix: "mirror/acme" });
  const repomd = repomdXml(files, 1);
  const parts = Object.entries(files).map(([kind, { path, size, sha256, head, chunks }]) => [
    kind,
    { path, size, sha256, head, chunks },
  ]);
  const record = {
    v: 1,
    target: TARGET,
    run: "bench",
    at: to.at,
    base: 0,
    revision: 1,
    counts,
    files: Object.fromEntries(parts),
    repomd: sha256(repomd),
  } as const;
  const number = await takeNumber(mirror, record, { key: to.key, after: 0 });
  for (const { path, local, size, sha256 } of Object.values(files))
    await mirror.create(snapshotKey(TARGET, number, path), { file: local, size, sha256 });
  await mirror.create(snapshotKey(TARGET, number, "repodata/repomd.xml"), repomd);
  await mirror.put(KEY_FILE, Buffer.from(to.key.certificate));
  const about = { repo: "os", channel: "devel", target: TARGET, url: to.url };
  await mirror.put(repoFileName(about), Buffer.from(repoFile(about)));
  await mirror.put(pointerKey(TARGET), Buffer.from(pointerText(to.url, TARGET, number)));
}

async function sizesIn(s3: S3Client): Promise<ReadonlyMap<string, number>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "bench", Prefix: "mirror/" }));
  return new Map(Contents.map(({ Key = "", Size = 0 }) => [Key, Size]));
}
