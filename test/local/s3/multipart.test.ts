import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

const BIG = Buffer.alloc(5 * 1024 ** 2, "a");
const SMALL = Buffer.from("the end");

describe("multipart uploads", () => {
  let running: RunningS3;
  beforeAll(async () => {
    running = await runningS3();
  });
  afterAll(() => running[Symbol.asyncDispose]());

  async function begin(Key: string) {
    const at = { Bucket: "bucket", Key };
    const command = new CreateMultipartUploadCommand({ ...at, Metadata: { writer: "me" } });
    const { UploadId } = await running.s3.send(command);
    return { ...at, UploadId };
  }
  type Begun = Awaited<ReturnType<typeof begin>>;
  type Complete = Partial<CompleteMultipartUploadCommandInput>;

  const part = async (upload: Begun, PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await running.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { ETag, PartNumber };
  };
  const complete = (upload: Begun, Parts: object[], more: Complete = {}) =>
    running.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));

  test("the parts in order are the object", async () => {
    const upload = await begin("whole");
    const second = await part(upload, 7, SMALL);
    const first = await part(upload, 2, BIG);
    const { ETag } = await complete(upload, [first, second]);
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "whole" }));
    const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([BIG, SMALL]))).toBe(true);
    expect(object.Metadata).toEqual({ writer: "me" });
    const md5 = (data: Uint8Array) => createHash("md5").update(data).digest();
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(BIG), md5(SMALL)])).toString("hex")}-2"`);
  });

  test("a stream of unknown length comes through the SDK's uploader", async () => {
    const Body = Readable.from([BIG, SMALL, BIG, SMALL]);
    const params = { Bucket: "bucket", Key: "unknown", Body };
    await new Upload({ client: running.s3, params }).done();
    const head = new HeadObjectCommand({ Bucket: "bucket", Key: "unknown" });
    expect((await running.s3.send(head)).ContentLength).toBe(2 * (BIG.length + SMALL.length));
  });

  test("a range may span parts", async () => {
    const upload = await begin("span");
    await complete(upload, [await part(upload, 1, BIG), await part(upload, 2, SMALL)]);
    const Range = `bytes=${BIG.length - 2}-${BIG.length + 2}`;
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "span", Range }));
    expect(await object.Body?.transformToString()).toBe("aathe");
  });

  test("all parts but the last have five MiB", async () => {
    const upload = await begin("tiny");
    const parts = [await part(upload, 1, SMALL), await part(upload, 2, SMALL)];
    expect(await refusalOf(complete(upload, parts))).toBe("400 EntityTooSmall");
  });

  test("parts must be known and in order", async () => {
    const upload = await begin("order");
    const parts = [await part(upload, 1, BIG), await part(upload, 2, BIG)];
    expect(await refusalOf(complete(upload, parts.toReversed()))).toBe("400 InvalidPartOrder");
    expect(await refusalOf(complete(upload, [{ PartNumber: 1, ETag: '"0123"' }]))).toBe("400 InvalidPart");
    expect(await refusalOf(complete(upload, [{ PartNumber: 3, ETag: parts[0]?.ETag }]))).toBe(
      "400 InvalidPart",
    );
  });

  test("completing is held to its conditions", async () => {
    const at = { Bucket: "bucket", Key: "there" };
    const { ETag } = await running.s3.send(new PutObjectCommand({ ...at, Body: "there" }));
    const upload = await begin("there");
    const parts = [await part(upload, 1, SMALL)];
    const held = (more: Complete) => refusalOf(complete(upload, parts, more));
    expect(await held({ IfNoneMatch: "*" })).toBe("412 PreconditionFailed");
    expect(await held({ IfMatch: '"0123"' })).toBe("412 PreconditionFailed");
    expect((await running.s3.send(new HeadObjectCommand(at))).ContentLength).toBe("there".length);
    expect(await held({ IfMatch: ETag })).toBe("not refused");
  });

  test("a part sent again replaces itself, and its bytes go", async () => {
    const upload = await begin("again");
    const before = (await readdir(join(running.dir, "blobs"))).length;
    await part(upload, 1, BIG);
    const parts = [await part(upload, 1, SMALL)];
    await expect.poll(async () => (await readdir(join(running.dir, "blobs"))).length).toBe(before + 1);
    await complete(upload, parts);
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "again" }));
    expect(await object.Body?.transformToString()).toBe("the end");
  });

  test("an upload is listed with its parts until it is aborted", async () => {
    const upload = await begin("listed");
    await part(upload, 1, SMALL);
    await part(upload, 2, SMALL);
    const { Uploads } = await running.s3.send(
      new ListMultipartUploadsCommand({ Bucket: "bucket", Prefix: "listed" }),
    );
    expect(Uploads).toMatchObject([{ Key: "listed", UploadId: upload.UploadId }]);
    const first = await running.s3.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: SMALL.length }] });
    await running.s3.send(new AbortMultipartUploadCommand(upload));
    expect(await refusalOf(running.s3.send(new ListPartsCommand(upload)))).toBe("404 NoSuchUpload");
    expect(await refusalOf(part(upload, 3, SMALL))).toBe("404 NoSuchUpload");
  });

  test("a part may be a piece of another object", async () => {
    await running.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "source", Body: "0123456789" }));
    const upload = await begin("copied");
    const { CopyPartResult } = await running.s3.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber: 1,
        CopySource: "bucket/source",
        CopySourceRange: "bytes=2-4",
      }),
    );
    await complete(upload, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "copied" }));
    expect(await object.Body?.transformToString()).toBe("234");
  });
});
