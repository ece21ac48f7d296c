import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/local/s3/server.ts";
import { s3Blobs } from "../../src/platform/aws/blobs.ts";
import { s3Records } from "../../src/platform/aws/records.ts";
import { clientOf, runningS3 } from "../local/s3/running.ts";
import { type OpenRecords, parseNote, recordsContract } from "./records.contract.ts";

const awsBucket = process.env["MILLWRIGHT_CONTRACT_AWS_BUCKET"];

function opened(s3: S3Client, bucket: string, close: () => Promise<void>): OpenRecords {
  const records = s3Records({ s3, bucket, parse: parseNote, nonce: randomUUID });
  return {
    records,
    bucket,
    plant: async (Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))),
    close,
  };
}

recordsContract("the embedded S3", async () => {
  const running = await runningS3();
  return opened(running.s3, running.bucket, () => running[Symbol.asyncDispose]());
});

recordsContract(
  "Amazon S3",
  async () => {
    const [s3, bucket] = [new S3Client({}), awsBucket ?? ""];
    const blobs = s3Blobs({ s3, bucket, nonce: randomUUID });
    return opened(s3, bucket, async () => {
      for (const { key } of await blobs.list("contract/records/")) await blobs.remove(key);
    });
  },
  awsBucket === undefined ? "MILLWRIGHT_CONTRACT_AWS_BUCKET names no bucket" : undefined,
);

/** Records on an S3 that answers its next writes with these faults. */
async function faulty(faults: Fault[], attempts: number) {
  const running = await runningS3({
    faults: ({ name }) => (name === "PutObject" ? faults.shift() : undefined),
  });
  const s3 = clientOf(running.server.url, { attempts });
  const records = s3Records({ s3, bucket: running.bucket, parse: parseNote, nonce: randomUUID });
  return { running, records };
}

const LOST = { status: 500, code: "InternalError", after: true };
const CONFLICT = { status: 409, code: "ConditionalRequestConflict" };

describe("an answer that is not clear", () => {
  test("a create whose answer was lost, tried again by the SDK, was ours", async () => {
    const { running, records } = await faulty([LOST], 3);
    await using _ = running;
    expect(await records.create("key", { text: "one" })).toBe(true);
    expect((await records.read("key"))?.value).toEqual({ text: "one" });
  });

  test("a replace whose answer was lost, tried again by the SDK, was ours", async () => {
    const faults: Fault[] = [];
    const { running, records } = await faulty(faults, 3);
    await using _ = running;
    await records.create("key", { text: "one" });
    const { version = "" } = (await records.read("key")) ?? {};
    faults.push(LOST);
    expect(await records.replace("key", { text: "two" }, version)).toBe(true);
    expect((await records.read("key"))?.value).toEqual({ text: "two" });
  });

  test("a create whose answer was lost, never tried again, was ours all the same", async () => {
    const { running, records } = await faulty([LOST], 1);
    await using _ = running;
    expect(await records.create("key", { text: "one" })).toBe(true);
  });

  test("a create that failed without effect is an error, not an answer", async () => {
    const { running, records } = await faulty([{ status: 500, code: "InternalError" }], 1);
    await using _ = running;
    await expect(records.create("key", { text: "one" })).rejects.toThrow("InternalError");
    expect(await records.read("key")).toBeUndefined();
  });

  // Conditional writes: "You can also receive a 409 Conflict response in the case of concurrent requests"
  test("a create that meets a conflict is tried again, and wins where nothing is", async () => {
    const { running, records } = await faulty([CONFLICT, CONFLICT], 1);
    await using _ = running;
    expect(await records.create("key", { text: "one" })).toBe(true);
  });

  test("a create that meets a conflict with a write that came through has lost", async () => {
    const faults: Fault[] = [];
    const { running, records } = await faulty(faults, 1);
    await using _ = running;
    await records.create("key", { text: "theirs" });
    faults.push(CONFLICT);
    expect(await records.create("key", { text: "ours" })).toBe(false);
  });

  test("a conflict that reports our own write is ours", async () => {
    const { running, records } = await faulty([{ ...CONFLICT, after: true }], 1);
    await using _ = running;
    expect(await records.create("key", { text: "one" })).toBe(true);
  });

  test("a replace that meets a conflict is tried again while its version is there", async () => {
    const faults: Fault[] = [];
    const { running, records } = await faulty(faults, 1);
    await using _ = running;
    await records.create("key", { text: "one" });
    const { version = "" } = (await records.read("key")) ?? {};
    faults.push(CONFLICT, CONFLICT);
    expect(await records.replace("key", { text: "two" }, version)).toBe(true);
  });

  test("who meets conflicts without end gives up with an error that names the object", async () => {
    const { running, records } = await faulty(
      Array.from({ length: 9 }, () => CONFLICT),
      1,
    );
    await using _ = running;
    await expect(records.create("key", { text: "one" })).rejects.toThrow("s3://bucket/key is contended");
  });
});
