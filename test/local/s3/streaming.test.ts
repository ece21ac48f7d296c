import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Child, spawnS3 } from "./child.ts";
import { clientOf } from "./running.ts";

const MIB = 1024 ** 2;
const CHUNK = Buffer.alloc(MIB);

const chunks = (mib: number): Buffer[] => Array.from({ length: mib }, () => CHUNK);

/** So many MiB of nothing. */
const zeros = (mib: number): Readable => Readable.from(chunks(mib), { objectMode: false });

describe("a server with little memory", () => {
  let dir: string;
  let child: Child;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-s3-stream-"));
    child = await spawnS3(dir);
    await clientOf(child.url).send(new CreateBucketCommand({ Bucket: "bucket" }));
  });
  afterAll(async () => {
    await child.kill();
    await rm(dir, { recursive: true, force: true });
  });

  test("takes and gives 2 GiB within 300 MB", { timeout: 300_000 }, async () => {
    const size = 2048 * MIB;
    const s3 = clientOf(child.url);
    const at = { Bucket: "bucket", Key: "large" };
    const up = request(await getSignedUrl(s3, new PutObjectCommand(at)), {
      method: "PUT",
      headers: { "content-length": size },
    });
    const answered = once(up, "response");
    await pipeline(zeros(2048), up);
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    answer.resume();
    expect((await s3.send(new HeadObjectCommand(at))).ContentLength).toBe(size);
    const down = request(await getSignedUrl(s3, new GetObjectCommand(at))).end();
    const [object] = await once(down, "response");
    let received = 0;
    for await (const chunk of object) received += chunk.length;
    expect(received).toBe(size);
    expect(await child.peakMemory()).toBeLessThan(300e6);
  });

  test("takes 256 MiB by form within 300 MB", { timeout: 120_000 }, async () => {
    const s3 = clientOf(child.url);
    const { url, fields } = await createPresignedPost(s3, { Bucket: "bucket", Key: "form/${filename}" });
    const head = [
      ...Object.entries(fields).map(
        ([name, value]) => `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      ),
      '--line\r\nContent-Disposition: form-data; name="file"; filename="large"\r\n\r\n',
    ].join("");
    const headers = { "content-type": "multipart/form-data; boundary=line" };
    const up = request(url, { method: "POST", headers });
    const answered = once(up, "response");
    const parts = [Buffer.from(head), ...chunks(256), Buffer.from("\r\n--line--\r\n")];
    await pipeline(Readable.from(parts, { objectMode: false }), up);
    const [answer] = await answered;
    expect(answer.statusCode).toBe(204);
    const stored = await s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "form/large" }));
    expect(stored.ContentLength).toBe(256 * MIB);
    expect(await child.peakMemory()).toBeLessThan(300e6);
  });
});
