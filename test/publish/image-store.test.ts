import { createHash, randomBytes } from "node:crypto";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import type { Fault } from "../../src/local/s3/server.ts";
import { imageStore } from "../../src/publish/image-store.ts";
import { runningS3 } from "../local/s3/running.ts";

const PART = 5 * 1024 ** 2;
const IMAGE = randomBytes(2 * PART + 17);
const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** An S3 with a built image in it, and the requests that were made of it since. */
async function staged(...faults: (Fault | undefined)[]) {
  const asked: string[] = [];
  const it = await runningS3({
    faults: ({ name }) => {
      asked.push(name);
      return name === "CompleteMultipartUpload" ? faults.shift() : undefined;
    },
  });
  const key = "results/1/nightly/nightly/20261121_01/build/image:os/leap/x86_64/1/os+x.raw";
  const { ETag: version = "" } = await it.s3.send(
    new PutObjectCommand({ Bucket: it.bucket, Key: key, Body: IMAGE }),
  );
  asked.length = 0;
  const copying = {
    from: { bucket: it.bucket, key, version },
    to: "images/20261121_01/os+x.raw",
    size: IMAGE.length,
    sha256: digestOf(IMAGE),
    write: "once",
  } as const;
  const at = (path: string) => ({ Bucket: it.bucket, Key: `mirror/acme/${path}` });
  return {
    ...it,
    asked,
    copying,
    store: imageStore(it.s3, { bucket: it.bucket, prefix: "mirror/acme", part: PART }),
    put: (Body: Uint8Array) => it.s3.send(new PutObjectCommand({ Bucket: it.bucket, Key: key, Body })),
    read: async (path: string) =>
      (await it.s3.send(new GetObjectCommand(at(path)))).Body?.transformToByteArray(),
    head: (path: string) => it.s3.send(new HeadObjectCommand(at(path))),
    /** Uploads that nobody ended. */
    open: async () =>
      (await it.s3.send(new ListMultipartUploadsCommand({ Bucket: it.bucket }))).Uploads ?? [],
    [Symbol.asyncDispose]: it[Symbol.asyncDispose],
  };
}

test("an image is copied by the server, in parts, with its digest beside it, and not a byte of it comes by", async () => {
  await using it = await staged();
  expect(await it.store.digest(it.copying.to)).toBeUndefined();
  it.asked.length = 0;
  expect(await it.store.copy(it.copying)).toBe(true);
  expect(it.asked.toSorted()).toEqual([
    "CompleteMultipartUpload",
    "CreateMultipartUpload",
    "UploadPartCopy",
    "UploadPartCopy",
    "UploadPartCopy",
  ]);
  expect(digestOf((await it.read(it.copying.to)) ?? Buffer.of())).toBe(it.copying.sha256);
  expect(await it.store.digest(it.copying.to)).toBe(it.copying.sha256);
  expect(await it.head(it.copying.to)).toMatchObject({ CacheControl: "public, max-age=31536000, immutable" });
});

test("where something is, an image is not copied over it", async () => {
  await using it = await staged();
  await it.store.copy(it.copying);
  const before = await it.head(it.copying.to);
  await it.put(Buffer.from("another"));
  const other = { ...it.copying, from: { bucket: it.bucket, key: it.copying.from.key }, size: 7 };
  expect(await it.store.copy(other)).toBe(false);
  expect((await it.head(it.copying.to)).ETag).toBe(before.ETag);
  expect(await it.open()).toEqual([]);
});

test("what changed since it was measured is not copied, and nothing is left of the try", async () => {
  await using it = await staged();
  await it.put(randomBytes(IMAGE.length));
  await expect(it.store.copy(it.copying)).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect(await it.store.digest(it.copying.to)).toBeUndefined();
  expect(await it.open()).toEqual([]);
});

test("a copy that another write is in the way of is made anew", async () => {
  await using it = await staged({ status: 409, code: "ConditionalRequestConflict" });
  expect(await it.store.copy(it.copying)).toBe(true);
  expect(it.asked.filter((name) => name === "CompleteMultipartUpload")).toHaveLength(2);
});

test("a name that stays takes another image, whatever it had", async () => {
  await using it = await staged();
  await it.store.copy(it.copying);
  const name = {
    ...it.copying,
    from: { key: it.copying.to },
    to: "images/latest/os.raw",
    write: "always",
  } as const;
  expect(await it.store.copy(name)).toBe(true);
  expect(await it.store.copy(name)).toBe(true);
  expect(await it.store.digest(name.to)).toBe(it.copying.sha256);
  expect(await it.head(name.to)).toMatchObject({ CacheControl: "public, max-age=30" });
});
