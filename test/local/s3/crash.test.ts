import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFiles } from "../../../src/local/s3/files.ts";
import { startS3 } from "../../../src/local/s3/server.ts";
import { type Child, spawnS3 } from "./child.ts";
import { clientOf, refusalOf } from "./running.ts";

/** A body that tells by itself whether it is whole. */
function bodyOf(name: string, size: number): Buffer {
  const text = Buffer.alloc(size, name);
  return Buffer.concat([createHash("sha256").update(text).digest(), text]);
}
const isWhole = (body: Uint8Array): boolean =>
  createHash("sha256").update(body.subarray(32)).digest().equals(body.subarray(0, 32));

describe("a server that is killed", { timeout: 60_000 }, () => {
  let dir: string;
  const children: Child[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-s3-crash-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  });
  async function spawn() {
    const child = await spawnS3(dir);
    children.push(child);
    return { child, s3: clientOf(child.url) };
  }

  test("in the middle of many writes keeps every one it answered, whole, and nothing else's remains", async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 3; round += 1) {
      const { child, s3 } = await spawn();
      await s3.send(new CreateBucketCommand({ Bucket: "bucket" })).catch(() => undefined);
      const writers = Array.from({ length: 8 }, (_, writer) => write(s3, acknowledged, { round, writer }));
      await expect
        .poll(() => acknowledged.size, { interval: 5, timeout: 20_000 })
        .toBeGreaterThan((round + 1) * 30);
      await child.kill();
      await Promise.all(writers);
      s3.destroy();
    }
    const { s3 } = await spawn();
    const broken: string[] = [];
    for (const [key, etag] of acknowledged) {
      const object = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: key }));
      const body = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
      const isOther = !key.startsWith("shared/") && object.ETag !== etag;
      if (!isWhole(body) || isOther) broken.push(key);
    }
    expect(broken).toEqual([]);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "bucket" }));
    expect(await readdir(join(dir, "blobs"))).toHaveLength(Contents.length);
    expect(await readdir(join(dir, "incoming"))).toEqual([]);
    s3.destroy();
  });

  /** Writes keys of its own and one that all write, until the server is gone. */
  async function write(
    s3: S3Client,
    acknowledged: Map<string, string>,
    who: { round: number; writer: number },
  ) {
    for (let count = 0; ; count += 1) {
      const own = `own/${who.round}/${who.writer}/${count}`;
      const key = count % 3 === 0 ? `shared/${who.writer % 2}` : own;
      const Body = bodyOf(own, count % 2 === 0 ? 500 : 300_000);
      try {
        const { ETag } = await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body }));
        acknowledged.set(key, ETag ?? "");
      } catch {
        return;
      }
    }
  }

  test("keeps the parts of uploads under way", async () => {
    const before = await spawn();
    const at = { Bucket: "bucket", Key: "key" };
    await before.s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
    const { UploadId } = await before.s3.send(new CreateMultipartUploadCommand(at));
    await before.s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: "part" }));
    await before.child.kill();
    const { s3 } = await spawn();
    const { Parts } = await s3.send(new ListPartsCommand({ ...at, UploadId }));
    expect(Parts).toMatchObject([{ PartNumber: 1, Size: 4 }]);
  });

  test("does not let a second server into its directory while it runs", async () => {
    await spawn();
    await expect(startS3({ dir, port: 0, credentials: {} })).rejects.toThrow("another server");
  });

  test("what no row knows is swept at the start, what one knows is not", async () => {
    const first = await openFiles(dir, () => true);
    async function* bytes() {
      yield Buffer.from("x");
    }
    const [known, orphan] = [await first.keep(bytes()), await first.keep(bytes())];
    expect(await readdir(join(dir, "blobs"))).toContain(orphan);
    await openFiles(dir, (name) => name === known);
    expect(await readdir(join(dir, "blobs"))).toEqual([known]);
  });

  test("is as it was after a restart", async () => {
    const before = await spawn();
    const at = { Bucket: "bucket", Key: "key" };
    await before.s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
    await before.s3.send(new PutObjectCommand({ ...at, Body: "one", Metadata: { writer: "me" } }));
    await before.child.kill();
    const { s3 } = await spawn();
    const object = await s3.send(new GetObjectCommand(at));
    expect(await object.Body?.transformToString()).toBe("one");
    expect(object.Metadata).toEqual({ writer: "me" });
    const again = new PutObjectCommand({ ...at, Body: "two", IfNoneMatch: "*" });
    expect(await refusalOf(s3.send(again))).toBe("412 PreconditionFailed");
  });
});
