import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { startKms } from "../../src/local/kms/server.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import type { S3Options } from "../../src/local/s3/server.ts";
import { s3Blobs } from "../../src/platform/aws/blobs.ts";
import { KEY_ID, SECRET, runningS3 } from "../local/s3/running.ts";
import { buildRpm, manifestOf, offer, scratch, serve } from "./kit.ts";
import type { Offer } from "./kit.ts";

interface Program {
  readonly argv: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** How it ended: the exit code (`null` if it was killed), all it said, and what is left in its temporary directory. */
interface Ended {
  readonly code: number | null;
  readonly log: string;
  readonly left: readonly string[];
}

const MAIN: Program = { argv: [process.execPath, resolve("src/publish/main.ts")] };

/** The world of a publish stage: S3 (with these faults), KMS, and built packages at addresses of their own. */
export async function world({ faults }: Pick<S3Options, "faults"> = {}) {
  const place = await scratch();
  const s3 = await runningS3({ faults });
  let running: ChildProcess | undefined;
  const kms = await startKms({
    dir: join(place.dir, "kms"),
    port: 0,
    credentials: { [KEY_ID]: SECRET },
    log: () => {},
  });
  const shelf = await serve((path) => readFile(path).catch(() => undefined));
  const Statement = [
    {
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${s3.bucket}/mirror/*`,
    },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.s3.send(new PutBucketPolicyCommand({ Bucket: s3.bucket, Policy }));
  const credentials = { accessKeyId: KEY_ID, secretAccessKey: SECRET };
  const client = new KMSClient({ endpoint: kms.url, region: "eu-central-1", credentials });
  const made = await client.send(new CreateKeyCommand({ KeySpec: "RSA_4096", KeyUsage: "SIGN_VERIFY" }));
  const url = `${s3.server.url}/${s3.bucket}/mirror/acme`;
  const blobs = s3Blobs({ s3: s3.s3, bucket: s3.bucket, nonce: () => "test" });
  /** A new key for attestations. */
  const attests = async () =>
    (await client.send(new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" })))
      .KeyMetadata?.KeyId ?? "";
  return {
    attests,
    place,
    blobs,
    kms,
    url,
    /** Ends the program that runs in a stage now, as a machine does that is taken away. */
    kill: () => running?.kill("SIGKILL"),
    offered: async (name: string): Promise<Offer> =>
      offer(shelf.url, { file: (await buildRpm(place.dir, { name })).file, arch: "x86_64" }),
    /** Gives a stage its manifest, ambient credentials and an empty place, and runs these programs there in turn. */
    async stage(
      packages: readonly Offer[],
      programs: readonly Program[] = [MAIN],
      changes: Partial<Manifest> = {},
    ): Promise<Ended> {
      const manifest = {
        ...manifestOf(url, [...packages], changes),
        mirror: { bucket: s3.bucket, prefix: "mirror/acme", url: changes.mirror?.url ?? url },
        upload: await blobs.admit("results/", { bytes: 1e6, seconds: 600 }),
      };
      const id = made.KeyMetadata?.KeyId ?? "";
      await blobs.put("manifest", JSON.stringify({ ...manifest, key: { ...manifest.key, id } }));
      const temp = await mkdtemp(join(place.dir, "tmp-"));
      const cwd = await mkdtemp(join(place.dir, "cwd-"));
      const env = {
        PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
        TMPDIR: temp,
        MILLWRIGHT_JOB: manifest.job,
        MILLWRIGHT_MANIFEST: await blobs.lend("manifest", 600),
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: KEY_ID,
        AWS_SECRET_ACCESS_KEY: SECRET,
        AWS_ENDPOINT_URL_S3: s3.server.url,
        AWS_ENDPOINT_URL_KMS: kms.url,
      };
      let log = "";
      for (const { argv, variables = {} } of programs) {
        const [file = "", ...args] = argv;
        const child = spawn(file, args, { cwd, env: { ...env, ...variables } });
        running = child;
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
        const [code] = await once(child, "close");
        if (code !== 0) return { code, log, left: await readdir(temp) };
      }
      return { code: 0, log, left: await readdir(temp) };
    },
    async [Symbol.asyncDispose]() {
      await shelf[Symbol.asyncDispose]();
      await kms.close();
      await s3[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}
