import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { startKms } from "../../src/local/kms/server.ts";
import { s3Blobs } from "../../src/platform/aws/blobs.ts";
import { KEY_ID, SECRET, runningS3 } from "../local/s3/running.ts";
import { buildRpm, manifestOf, offer, scratch, serve } from "./kit.ts";
import type { Offer } from "./kit.ts";

/** The world of a publish stage: S3, KMS, and built packages at addresses of their own. */
async function world() {
  const place = await scratch();
  const s3 = await runningS3();
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
  const blobs = s3Blobs({ s3: s3.s3, bucket: s3.bucket, nonce: () => "test" });
  return {
    place,
    blobs,
    kms,
    offered: async (name: string): Promise<Offer> =>
      offer(shelf.url, { file: (await buildRpm(place.dir, { name })).file, arch: "x86_64" }),
    /** Runs the stage as CodeBuild does: a process with a manifest's address and ambient credentials. */
    async stage(packages: readonly Offer[]) {
      const manifest = {
        ...manifestOf(`${s3.server.url}/${s3.bucket}/mirror/acme`, [...packages]),
        mirror: {
          bucket: s3.bucket,
          prefix: "mirror/acme",
          url: `${s3.server.url}/${s3.bucket}/mirror/acme`,
        },
        upload: await blobs.admit("results/", { bytes: 1e6, seconds: 600 }),
      };
      const id = made.KeyMetadata?.KeyId ?? "";
      await blobs.put("manifest", JSON.stringify({ ...manifest, key: { ...manifest.key, id } }));
      const temp = await mkdtemp(join(place.dir, "tmp-"));
      const child = spawn(process.execPath, ["src/publish/main.ts"], {
        env: {
          PATH: process.env["PATH"],
          TMPDIR: temp,
          MILLWRIGHT_JOB: manifest.job,
          MILLWRIGHT_MANIFEST: await blobs.lend("manifest", 600),
          AWS_REGION: "eu-central-1",
          AWS_ACCESS_KEY_ID: KEY_ID,
          AWS_SECRET_ACCESS_KEY: SECRET,
          AWS_ENDPOINT_URL_S3: s3.server.url,
          AWS_ENDPOINT_URL_KMS: kms.url,
        },
      });
      let log = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
      const [code] = await once(child, "close");
      return { code, log, left: await readdir(temp) };
    },
    async [Symbol.asyncDispose]() {
      await shelf[Symbol.asyncDispose]();
      await kms.close();
      await s3[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

test("the program publishes, leaves its results and nothing in its temporary directory", async () => {
  await using it = await world();
  const ended = await it.stage([await it.offered("hello")]);
  expect(ended).toMatchObject({ code: 0, left: [] });
  const text = async (key: string) => Buffer.from((await it.blobs.get(key))?.value ?? []).toString();
  expect(JSON.parse(await text("results/published.json"))).toMatchObject({
    channel: "devel",
    targets: [{ target: "leap-15.6", snapshot: "000001", packages: [{ nevra: "hello-1.0-1.noarch" }] }],
  });
  expect(JSON.parse(await text("results/facts.json"))).toMatchObject({ "snapshot of leap-15.6": "000001" });
  expect(await text("results/SHA256SUMS")).toMatch(
    /^[0-9a-f]{64}  published\.json\n[0-9a-f]{64}  facts\.json\n$/,
  );
  expect(await text("mirror/acme/leap-15.6/mirrorlist")).toMatch(/\/leap-15\.6\/snapshots\/000001\/\n$/);
});

test("a refusal of the gate is exit 3 and one line that names package and rule", async () => {
  await using it = await world();
  const ended = await it.stage([{ ...(await it.offered("hello")), size: 1 }]);
  expect(ended).toMatchObject({ code: 3, left: [] });
  expect(ended.log).toMatch(
    /^millwright: refused: "hello-1\.0-1\.noarch\.rpm" is refused by the rule "digest": /m,
  );
});

test("a key that cannot be asked is exit 75 and a line that says so", async () => {
  await using it = await world();
  const offered = await it.offered("hello");
  await it.kms.close();
  const ended = await it.stage([offered]);
  expect(ended).toMatchObject({ code: 75, left: [] });
  expect(ended.log).toMatch(/^millwright: infrastructure: .*ECONNREFUSED/m);
});
