import { createHash, generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { signDigest } from "../../src/local/kms/digest-ecdsa.ts";
import type { Provenance } from "../../src/pipelines/release/provenance.ts";
import { elsewhere } from "../../src/publish/elsewhere.ts";
import { attestationKey } from "../../src/publish/dsse.ts";
import { imageStore } from "../../src/publish/image-store.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import { publish } from "../../src/publish/publish.ts";
import type { Outcome } from "../../src/publish/publish.ts";
import { s3Mirror } from "../../src/publish/s3-mirror.ts";
import type { Signer } from "../../src/ports.ts";
import { runningS3 } from "../local/s3/running.ts";
import { manifestOf, scratch, testKey, testSigner, testTools } from "./kit.ts";

type Image = NonNullable<Manifest["images"]>[number];

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const JOB = "image:os:leap-x86_64:Default:oem";

const FROM: Provenance = {
  buildDefinition: {
    buildType: "urn:millwright:build:image:v1",
    externalParameters: { sha: "a".repeat(40) },
    internalParameters: {},
    resolvedDependencies: [],
  },
  runDetails: {
    builder: { id: "https://millwright.example/builders/image-trusted-x86_64" },
    metadata: { invocationId: "1/push/main/abc#build/image:os#1" },
  },
};

/** A signer of attestations whose key is made for this process. */
function curveSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = publicKey.export({ type: "spki", format: "der" });
  return { publicKey: async () => der, sign: async (digest) => signDigest(privateKey, Buffer.from(digest)) };
}

const WRITES: ReadonlySet<string> = new Set([
  "PutObject",
  "CreateMultipartUpload",
  "UploadPartCopy",
  "CompleteMultipartUpload",
]);

/** A mirror on S3 with staging beside it, and a publisher of the images that builds left there. */
export async function imageTown() {
  const place = await scratch();
  const asked: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  let isAfter = false;
  const it = await runningS3({
    faults({ name, key }) {
      asked.push(`${name} ${key.replace("mirror/acme/", "")}`);
      if (!WRITES.has(name) || !key.startsWith("mirror/")) return undefined;
      left -= 1;
      return left < 0 ? { status: 403, code: "AccessDenied", after: left === -1 && isAfter } : undefined;
    },
  });
  const { s3, bucket } = it;
  const Statement = ["mirror", "results"].map((prefix) => ({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${bucket}/${prefix}/*`,
  }));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const at = { bucket, prefix: "mirror/acme" };
  const url = `${it.server.url}/${bucket}/${at.prefix}`;
  const key = await testKey(testSigner());
  const attests = await attestationKey(curveSigner());
  const mirror = s3Mirror(s3, at);
  let works = 0;
  /** What a build leaves, as the record knows it. */
  const staged = async (files: Readonly<Record<string, string>>, from = "1"): Promise<readonly Image[]> =>
    Promise.all(
      Object.entries(files).map(async ([name, text]) => {
        const path = `results/1/${from}/build/image:os/leap/x86_64/1/${name}`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: path, Body: text }));
        return {
          job: JOB,
          arch: "x86_64",
          target: "leap-15.6",
          name,
          url: `${it.server.url}/${bucket}/${path.replaceAll(":", "%3A").replaceAll("+", "%2B")}`,
          from: { bucket, key: path },
          size: text.length,
          sha256: sha256(text),
        } as const;
      }),
    );
  const run = async (manifest: Partial<Manifest>): Promise<Outcome> => {
    works += 1;
    return publish({
      manifest: {
        ...manifestOf(url, []),
        targets: [],
        mirror: { ...at, url },
        attestation: { key: { id: "ec" }, builds: { "1/push/main/abc": { [JOB]: FROM } } },
        ...manifest,
      },
      mirror,
      key,
      attestationKey: attests,
      images: imageStore(s3, at),
      elsewhere: (from) => elsewhere(s3, { ...at, from }),
      tools: await testTools(join(place.dir, `w${works}`)),
      dir: place.dir,
    });
  };
  return {
    s3,
    bucket,
    url,
    key,
    attests,
    mirror,
    staged,
    run,
    /** Publishes these files as a release. */
    release: async (
      number: string,
      files: Readonly<Record<string, string>>,
      more: Partial<NonNullable<Manifest["release"]>> = {},
    ): Promise<Outcome> => run({ ...dated(number, more), images: [...(await staged(files, number))] }),
    /** From the next write but so many on nothing is written any more; of the first of these only the answer is lost, or all. */
    dieAfter(writes: number, how: "before" | "after" = "before") {
      left = writes;
      isAfter = how === "after";
    },
    live() {
      left = Number.POSITIVE_INFINITY;
    },
    /** What was asked of S3 since the last question. */
    asked: () => asked.splice(0),
    text: async (path: string) => {
      const there = await mirror.get(path);
      return there && Buffer.from(there.value).toString();
    },
    async [Symbol.asyncDispose]() {
      await it[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** What a manifest says of a release. */
export const dated = (number: string, more: Partial<NonNullable<Manifest["release"]>> = {}) => ({
  at: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}T0${number.slice(-1)}:00:00Z`,
  release: { number, sha: "a".repeat(40), branch: "main", asked: "promotion", ...more } as const,
});
