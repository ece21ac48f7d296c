import { S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { s3Blobs } from "../../src/platform/aws/blobs.ts";
import { clientOf, runningS3 } from "../local/s3/running.ts";
import { blobsContract, submit } from "./blobs.contract.ts";

const awsBucket = process.env["MILLWRIGHT_CONTRACT_AWS_BUCKET"];

blobsContract("the embedded S3", async () => {
  const running = await runningS3();
  const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID });
  return { blobs, close: () => running[Symbol.asyncDispose]() };
});

blobsContract(
  "Amazon S3",
  async () => {
    const blobs = s3Blobs({ s3: new S3Client({}), bucket: awsBucket ?? "", nonce: randomUUID });
    const close = async (): Promise<void> => {
      for (const { key } of await blobs.list("contract/blobs/")) await blobs.remove(key);
    };
    return { blobs, close };
  },
  awsBucket === undefined ? "MILLWRIGHT_CONTRACT_AWS_BUCKET names no bucket" : undefined,
);

describe("blobs where things go wrong", () => {
  test("a create whose answer was lost was ours", async () => {
    const faults = [{ status: 500, code: "InternalError", after: true }];
    await using running = await runningS3({
      faults: ({ name }) => (name === "PutObject" ? faults.shift() : undefined),
    });
    const s3 = clientOf(running.server.url, { attempts: 3 });
    const blobs = s3Blobs({ s3, bucket: running.bucket, nonce: randomUUID });
    expect(await blobs.create("key", "one")).toBe(true);
    s3.destroy();
  });

  test("a remove that meets a conflict is tried again", async () => {
    const faults = [{ status: 409, code: "ConditionalRequestConflict" }];
    await using running = await runningS3({
      faults: ({ name }) => (name === "DeleteObject" ? faults.shift() : undefined),
    });
    const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID });
    await blobs.put("key", "one");
    const { version } = (await blobs.get("key")) ?? {};
    expect(await blobs.remove("key", version)).toBe(true);
    expect(faults).toEqual([]);
  });

  test("a version that is gone already counts as removed", async () => {
    await using running = await runningS3();
    const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID });
    expect(await blobs.remove("key", '"0123456789abcdef0123456789abcdef"')).toBe(true);
  });

  test("an object longer than the limit is not taken into memory", async () => {
    await using running = await runningS3();
    const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID, limit: 10 });
    await blobs.put("fits", "x".repeat(10));
    await blobs.put("long", "x".repeat(11));
    expect((await blobs.get("fits"))?.value).toHaveLength(10);
    await expect(blobs.get("long")).rejects.toThrow("cannot read s3://bucket/long");
  });

  test("a list goes on over many pages", async () => {
    await using running = await runningS3();
    const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID });
    running.s3.middlewareStack.add(
      (next) => (args) => next({ ...args, input: { ...args.input, MaxKeys: 3 } }),
      { step: "initialize" },
    );
    const keys = Array.from({ length: 10 }, (_, index) => `page/${index}`);
    for (const key of keys) await blobs.put(key, "x");
    expect((await blobs.list("page/")).map(({ key }) => key)).toEqual(keys);
  });

  test("addresses and forms expire", async () => {
    let ahead = 0;
    await using running = await runningS3({ now: () => Date.now() + ahead });
    const blobs = s3Blobs({ s3: running.s3, bucket: running.bucket, nonce: randomUUID });
    await blobs.put("key", "one");
    const address = await blobs.lend("key", 60);
    const form = await blobs.admit("up/", { bytes: 10, seconds: 60 });
    ahead = 61_000;
    expect((await fetch(address)).status).toBe(403);
    expect((await submit(form, "file", "x")).status).toBe(403);
  });
});
