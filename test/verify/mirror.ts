import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import { publish } from "../../src/publish/publish.ts";
import { s3Mirror } from "../../src/publish/s3-mirror.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { seenFile } from "../../src/verify/seen-file.ts";
import { verify } from "../../src/verify/verify.ts";
import type { Ports, Question, Report } from "../../src/verify/verify.ts";
import { runningS3 } from "../local/s3/running.ts";
import { buildRpm, manifestOf, offer, scratch, serve, testKey, testTools } from "../publish/kit.ts";

const PREFIX = "acme/os/devel";
export const TARGET = "leap-15.6";

interface Changes {
  readonly key?: OpenPgpKey;
  readonly tools?: Tools;
  readonly release?: Manifest["release"];
}

/** A channel on an embedded S3 that anybody may read and nobody list, with `hello` published to it; and a stranger. */
export async function publishedMirror() {
  const place = await scratch();
  const s3 = await runningS3();
  const { bucket } = s3;
  const shelf = await serve((path) => readFile(path).catch(() => undefined));
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const url = `${s3.server.url}/${bucket}/${PREFIX}`;
  const key = await testKey();
  const tools = await testTools(place.dir);
  const at = (path: string) => ({ Bucket: bucket, Key: `${PREFIX}/${path}` });
  const add = async (name: string, changes: Changes = {}) => {
    const { file } = await buildRpm(place.dir, { name });
    const dir = await mkdtemp(join(place.dir, "work-"));
    const { release, ...desk } = changes;
    const offers = [await offer(shelf.url, { file, arch: "x86_64" })];
    const manifest = manifestOf(url, offers, release && { run: `run of ${release.number}`, release });
    const mirror = s3Mirror(s3.s3, { bucket, prefix: PREFIX });
    const outcome = await publish({ manifest, mirror, key, tools, dir, ...desk });
    if (outcome.kind !== "published") throw new Error(outcome.sentences.join(" "));
  };
  await add("hello");
  return {
    dir: place.dir,
    url,
    target: `${url}/${TARGET}`,
    repo: `${url}/os-devel-${TARGET}.repo`,
    key,
    tools,
    add,
    async get(path: string): Promise<Buffer> {
      const { Body } = await s3.s3.send(new GetObjectCommand(at(path)));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    put: (path: string, bytes: Uint8Array) => s3.s3.send(new PutObjectCommand({ ...at(path), Body: bytes })),
    remove: (path: string) => s3.s3.send(new DeleteObjectCommand(at(path))),
    /** Paths of all objects of the channel. */
    async paths(): Promise<readonly string[]> {
      const { Contents = [] } = await s3.s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `${PREFIX}/` }),
      );
      return Contents.map(({ Key = "" }) => Key.slice(PREFIX.length + 1));
    },
    /** A look by default at the `.repo` file, every package, without rpm. */
    look: (question: Partial<Question> = {}, ports: Partial<Ports> = {}): Promise<Report> =>
      verify(
        {
          net: { fetch, pause: async () => undefined, patience: 10_000 },
          tools: undefined,
          dir: place.dir,
          seen: seenFile(undefined),
          now: Date.now,
          ...ports,
        },
        {
          address: `${url}/os-devel-${TARGET}.repo`,
          all: true,
          key: { fingerprint: key.fingerprint },
          ...question,
        },
      ),
    async [Symbol.asyncDispose]() {
      await shelf[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

export type PublishedMirror = Awaited<ReturnType<typeof publishedMirror>>;

/** What is wrong, or could not be seen, as rules and addresses below the channel. */
export const faults = ({ findings }: Report, url: string): readonly string[] =>
  findings
    .filter(({ kind }) => kind === "wrong" || kind === "unseen")
    .map(({ rule, where }) => `${rule} ${where.replace(`${url}/`, "")}`.replaceAll(/[0-9a-f]{64}/g, "SHA"));
