import {
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

let running: RunningS3;
beforeAll(async () => {
  running = await runningS3();
});
afterAll(() => running[Symbol.asyncDispose]());

type Put = Partial<PutObjectCommandInput>;

const put = (Key: string, Body: string | Buffer | Readable, more: Omit<Put, "Body"> = {}) =>
  running.s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body, ...more }));
const get = (Key: string, more = {}) =>
  running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key, ...more }));
const head = (Key: string, more = {}) =>
  running.s3.send(new HeadObjectCommand({ Bucket: "bucket", Key, ...more }));
const text = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe("objects", () => {
  test("the ETag is the MD5 of the bytes", async () => {
    const { ETag } = await put("etag", "hello");
    expect(ETag).toBe(`"${createHash("md5").update("hello").digest("hex")}"`);
    expect((await head("etag")).ETag).toBe(ETag);
  });

  test("headers and metadata come back", async () => {
    await put("facts", "x", {
      ContentType: "text/x-spec",
      CacheControl: "max-age=5",
      ContentDisposition: "inline",
      ContentEncoding: "gzip",
      Metadata: { writer: "me" },
    });
    expect(await head("facts")).toMatchObject({
      ContentType: "text/x-spec",
      CacheControl: "max-age=5",
      ContentDisposition: "inline",
      ContentEncoding: "gzip",
      Metadata: { writer: "me" },
    });
  });

  test("a missing object is 404, by its name", async () => {
    expect(await refusalOf(get("nowhere"))).toBe("404 NoSuchKey");
    expect(await refusalOf(head("nowhere"))).toBe("404 NotFound");
    const elsewhere = new GetObjectCommand({ Bucket: "elsewhere", Key: "key" });
    expect(await refusalOf(running.s3.send(elsewhere))).toBe("404 NoSuchBucket");
  });

  test.each(["a b+c", "ü%20&=?#", "it's", "p//q", "../../etc/passwd", "..", "a/./b", "\u{1f600}", "x\r\ny"])(
    "the key %j is kept to the letter",
    async (key) => {
      await put(key, key);
      expect(await text(key)).toBe(key);
    },
  );

  test("a raw plus in an address is a space, as on S3", async () => {
    await put("a b", "space");
    await put("a+b", "plus");
    const { presign } = await presigner();
    const [space, plus] = [await presign("a b"), await presign("a+b")];
    expect(await (await fetch(space.replace("a%20b", "a+b"))).text()).toBe("space");
    expect(await (await fetch(plus)).text()).toBe("plus");
  });

  test("a key of 1024 bytes is the longest", async () => {
    await put("é".repeat(512), "x");
    expect(await refusalOf(put(`${"é".repeat(512)}x`, "x"))).toBe("400 KeyTooLongError");
  });

  test("metadata of more than 2 KB is refused", async () => {
    expect(await refusalOf(put("meta", "x", { Metadata: { k: "v".repeat(2048) } }))).toBe(
      "400 MetadataTooLarge",
    );
  });

  test("what would be ignored is refused: object locks", async () => {
    expect(await refusalOf(put("lock", "x", { ObjectLockMode: "GOVERNANCE" }))).toBe("501 NotImplemented");
  });

  test("many are deleted at once, each with its answer", async () => {
    await put("many/1&<>", "x");
    await put("many/2\r", "x");
    const Objects = [{ Key: "many/1&<>" }, { Key: "many/2\r" }, { Key: "many/none" }];
    const command = new DeleteObjectsCommand({ Bucket: "bucket", Delete: { Objects } });
    const { Deleted } = await running.s3.send(command);
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect(await refusalOf(get("many/1&<>"))).toBe("404 NoSuchKey");
    expect(await refusalOf(get("many/2\r"))).toBe("404 NoSuchKey");
  });

  test("tags do not touch the body", async () => {
    const at = { Bucket: "bucket", Key: "tagged" };
    await put("tagged", "body", { Tagging: "a=1" });
    const tags = async () => (await running.s3.send(new GetObjectTaggingCommand(at))).TagSet;
    expect(await tags()).toEqual([{ Key: "a", Value: "1" }]);
    const Tagging = { TagSet: [{ Key: "b", Value: "2" }] };
    await running.s3.send(new PutObjectTaggingCommand({ ...at, Tagging }));
    expect(await tags()).toEqual([{ Key: "b", Value: "2" }]);
    await running.s3.send(new DeleteObjectTaggingCommand(at));
    expect(await tags()).toEqual([]);
    expect(await text("tagged")).toBe("body");
  });

  test("an access control list is refused and does not become the body", async () => {
    await put("acl", "body");
    const command = new PutObjectAclCommand({ Bucket: "bucket", Key: "acl", ACL: "private" });
    expect(await refusalOf(running.s3.send(command))).toBe("400 AccessControlListNotSupported");
    expect(await text("acl")).toBe("body");
  });
});

async function presigner() {
  const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
  const presign = (Key: string) => getSignedUrl(running.s3, new GetObjectCommand({ Bucket: "bucket", Key }));
  return { presign };
}

describe("ranges and conditions of a read", () => {
  beforeAll(() => put("range", "hello"));

  test.each([
    ["bytes=1-3", "ell", "bytes 1-3/5"],
    ["bytes=3-", "lo", "bytes 3-4/5"],
    ["bytes=-2", "lo", "bytes 3-4/5"],
    ["bytes=-100", "hello", "bytes 0-4/5"],
    ["bytes=0-100", "hello", "bytes 0-4/5"],
  ])("%s of five bytes", async (Range, body, ContentRange) => {
    const part = await get("range", { Range });
    expect(part).toMatchObject({
      ContentRange,
      ContentLength: body.length,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await part.Body?.transformToString()).toBe(body);
  });

  test.each(["bytes=3-1", "bytes=0-1,3-4", "lines=1-2"])("%s means the whole", async (Range) => {
    const whole = await get("range", { Range });
    expect(whole.$metadata.httpStatusCode).toBe(200);
    expect(await whole.Body?.transformToString()).toBe("hello");
  });

  test("a range beyond the end is 416", async () => {
    expect(await refusalOf(get("range", { Range: "bytes=5-" }))).toBe("416 InvalidRange");
  });

  test("what the reader has is not sent again", async () => {
    const { ETag, LastModified } = await head("range");
    expect(await refusalOf(get("range", { IfNoneMatch: ETag }))).toMatch(/^304/);
    expect(await refusalOf(get("range", { IfModifiedSince: LastModified }))).toMatch(/^304/);
    expect(await text("range", { IfNoneMatch: '"other"' })).toBe("hello");
    expect(await text("range", { IfModifiedSince: new Date(0) })).toBe("hello");
  });

  test("another object than the reader meant is refused", async () => {
    expect(await refusalOf(get("range", { IfMatch: '"other"' }))).toBe("412 PreconditionFailed");
    expect(await refusalOf(get("range", { IfUnmodifiedSince: new Date(0) }))).toBe("412 PreconditionFailed");
  });
});

describe("what was promised of a body", () => {
  const sha256 = (body: string) => createHash("sha256").update(body).digest("base64");

  test("a CRC32 comes back as the SDK made it", async () => {
    expect((await put("crc", "hello")).ChecksumCRC32).toBe("NhCmhg==");
    expect((await head("crc", { ChecksumMode: "ENABLED" })).ChecksumCRC32).toBe("NhCmhg==");
  });

  test.each([
    ["SHA-256", { ChecksumSHA256: sha256("nope") }],
    ["SHA-1", { ChecksumSHA1: createHash("sha1").update("nope").digest("base64") }],
    ["CRC32", { ChecksumCRC32: "AAAAAA==" }],
    ["MD5", { ContentMD5: createHash("md5").update("nope").digest("base64") }],
  ])("a wrong %s is refused, and nothing is there", async (_, promise) => {
    expect(await refusalOf(put("bad", "hello", promise))).toBe("400 BadDigest");
    expect(await refusalOf(get("bad"))).toBe("404 NoSuchKey");
  });

  test("a right SHA-256 is stored", async () => {
    await put("sha256", "hello", { ChecksumSHA256: sha256("hello") });
    expect((await head("sha256", { ChecksumMode: "ENABLED" })).ChecksumSHA256).toBe(sha256("hello"));
  });

  test("a checksum that cannot be checked is refused", async () => {
    expect(await refusalOf(put("crc32c", "hello", { ChecksumCRC32C: "AAAAAA==" }))).toBe(
      "501 NotImplemented",
    );
  });

  test("a stream comes in chunks with its checksum behind", async () => {
    const chunks = [Buffer.from("ab"), Buffer.alloc(200_000, "c"), Buffer.from("d")];
    const { ChecksumCRC32 } = await put("stream", Readable.from(chunks), { ContentLength: 200_003 });
    expect(ChecksumCRC32).toMatch(/=$/);
    expect(await text("stream")).toBe(Buffer.concat(chunks).toString());
    expect((await head("stream")).ContentEncoding).toBeUndefined();
  });

  test("a stream that ends early leaves nothing", async () => {
    const stream = Readable.from([Buffer.from("ab")]);
    expect(await refusalOf(put("short", stream, { ContentLength: 10 }))).toBe("400 IncompleteBody");
    expect(await refusalOf(get("short"))).toBe("404 NoSuchKey");
  });
});
