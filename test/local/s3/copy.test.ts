import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

describe("copies", () => {
  let running: RunningS3;
  beforeEach(async () => {
    running = await runningS3();
    await put("source", "the source");
  });
  afterEach(() => running[Symbol.asyncDispose]());

  const put = (Key: string, Body: string) =>
    running.s3.send(
      new PutObjectCommand({ Bucket: "bucket", Key, Body, ContentType: "text/x", Metadata: { k: "v" } }),
    );
  const copy = (Key: string, more: Partial<CopyObjectCommandInput> = {}) =>
    running.s3.send(new CopyObjectCommand({ Bucket: "bucket", Key, CopySource: "bucket/source", ...more }));
  const get = async (Key: string) => {
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key }));
    return { ...object, text: await object.Body?.transformToString() };
  };

  test("a copy has the bytes and the facts", async () => {
    await copy("copy");
    expect(await get("copy")).toMatchObject({
      text: "the source",
      ContentType: "text/x",
      Metadata: { k: "v" },
    });
  });

  test("a copy may have other facts", async () => {
    await copy("copy", { MetadataDirective: "REPLACE", Metadata: { k: "w" }, ContentType: "text/y" });
    expect(await get("copy")).toMatchObject({
      text: "the source",
      ContentType: "text/y",
      Metadata: { k: "w" },
    });
  });

  test("a copy outlives its source, and the bytes go with the last of both", async () => {
    await copy("copy");
    await running.s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "source" }));
    expect((await get("copy")).text).toBe("the source");
    await running.s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "copy" }));
    await expect.poll(() => readdir(join(running.dir, "blobs"))).toEqual([]);
  });

  test("an object copied onto itself must change, and keeps its bytes", async () => {
    expect(await refusalOf(copy("source"))).toBe("400 InvalidRequest");
    await copy("source", { MetadataDirective: "REPLACE", Metadata: { k: "w" } });
    expect(await get("source")).toMatchObject({ text: "the source", Metadata: { k: "w" } });
  });

  test("the conditions of source and target hold", async () => {
    await put("there", "there");
    expect(await refusalOf(copy("x", { CopySourceIfMatch: '"0123"' }))).toBe("412 PreconditionFailed");
    expect(await refusalOf(copy("there", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    expect((await get("there")).text).toBe("there");
  });

  test("a plus in the name of a source is written %2B, as on S3", async () => {
    await put("a+b", "plus");
    expect(await refusalOf(copy("copy", { CopySource: "bucket/a+b" }))).toBe("404 NoSuchKey");
    await copy("copy", { CopySource: "bucket/a%2Bb" });
    expect((await get("copy")).text).toBe("plus");
  });
});
