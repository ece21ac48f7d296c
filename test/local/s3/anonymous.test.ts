import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

let running: RunningS3;
beforeAll(async () => {
  running = await runningS3();
});
afterAll(() => running[Symbol.asyncDispose]());

const READ = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };

/** A bucket with `open/a+b.rpm` and `shut/secret` under this policy. */
async function bucketWith(Bucket: string, ...statements: object[]) {
  const { s3, server } = running;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "open/a+b.rpm", Body: "package" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "shut/secret", Body: "secret" }));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return (path: string, init: RequestInit = {}) => fetch(`${server.url}/${Bucket}/${path}`, init);
}

const arn = (rest: string): string => `arn:aws:s3:::${rest}`;

describe("a mirror that anybody may read", () => {
  let get: (path: string, init?: RequestInit) => Promise<Response>;
  beforeAll(async () => {
    get = await bucketWith("mirror", { ...READ, Resource: arn("mirror/open/*") });
  });

  test("is read by plain GET and HEAD, with ranges and ETags", async () => {
    const whole = await get("open/a%2Bb.rpm");
    expect(await whole.text()).toBe("package");
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    const etag = whole.headers.get("etag") ?? "";
    expect((await get("open/a%2Bb.rpm", { method: "HEAD" })).headers.get("content-length")).toBe("7");
    const part = await get("open/a%2Bb.rpm", { headers: { range: "bytes=0-3" } });
    expect([part.status, await part.text()]).toEqual([206, "pack"]);
    expect((await get("open/a%2Bb.rpm", { headers: { "if-none-match": etag } })).status).toBe(304);
    const since = { "if-modified-since": whole.headers.get("last-modified") ?? "" };
    expect((await get("open/a%2Bb.rpm", { headers: since })).status).toBe(304);
  });

  test("goes on with a range only where it began", async () => {
    const etag = (await get("open/a%2Bb.rpm")).headers.get("etag") ?? "";
    const resume = (condition: string) =>
      get("open/a%2Bb.rpm", { headers: { range: "bytes=4-", "if-range": condition } });
    expect((await resume(etag)).status).toBe(206);
    expect((await resume('"other"')).status).toBe(200);
  });

  test("reads a raw plus as a space: the file is not there", async () => {
    expect((await get("open/a+b.rpm")).status).toBe(403);
  });

  test("is shut where its policy does not open it", async () => {
    expect((await get("shut/secret")).status).toBe(403);
    expect((await get("open/../shut/secret")).status).toBe(403);
    expect((await get("open/%2e%2e/shut/secret")).status).toBe(403);
  });

  test("does not say which files there are", async () => {
    const missing = await get("open/missing");
    expect(missing.status).toBe(403);
    expect(await missing.text()).toContain("<Code>AccessDenied</Code>");
    expect((await get("?list-type=2")).status).toBe(403);
  });

  test("is not written, and not asked for old versions or other headers", async () => {
    expect((await get("open/a%2Bb.rpm", { method: "PUT", body: "x" })).status).toBe(403);
    expect((await get("open/a%2Bb.rpm", { method: "DELETE" })).status).toBe(403);
    expect((await get("open/a%2Bb.rpm?versionId=null")).status).toBe(403);
    expect((await get("open/a%2Bb.rpm?tagging")).status).toBe(403);
    expect((await get("open/a%2Bb.rpm?response-content-type=text/html")).status).toBe(400);
  });

  test("a download goes on when its file is replaced or deleted meanwhile", async () => {
    const { s3 } = running;
    const at = { Bucket: "mirror", Key: "open/large" };
    await s3.send(new PutObjectCommand({ ...at, Body: Buffer.alloc(8 * 1024 ** 2, "a") }));
    const answer = await get("open/large");
    await s3.send(new PutObjectCommand({ ...at, Body: "new" }));
    await s3.send(new DeleteObjectCommand(at));
    expect((await answer.arrayBuffer()).byteLength).toBe(8 * 1024 ** 2);
    expect(await refusalOf(s3.send(new GetObjectCommand(at)))).toBe("404 NoSuchKey");
  });
});

describe("policies", () => {
  test("who may list is told what is missing", async () => {
    const list = { ...READ, Action: "s3:ListBucket", Resource: arn("listed") };
    const get = await bucketWith("listed", { ...READ, Resource: arn("listed/*") }, list);
    expect((await get("missing")).status).toBe(404);
    expect(await (await get("?list-type=2")).text()).toContain("<Key>shut/secret</Key>");
  });

  test.each([
    ["named", { ...READ, Principal: { AWS: "arn:aws:iam::000000000000:root" } }, 403],
    ["writer", { ...READ, Action: "s3:PutObject" }, 403],
    ["starred", { ...READ, Action: "s3:Get*", Principal: { AWS: ["*"] } }, 200],
    ["secure", { ...READ, Condition: { Bool: { "aws:SecureTransport": "true" } } }, 200],
    ["conditional", { ...READ, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, 403],
  ])("the policy %s answers an anonymous read", async (bucket, statement, status) => {
    const get = await bucketWith(bucket, { ...statement, Resource: arn(`${bucket}/*`) });
    expect((await get("shut/secret")).status).toBe(status);
  });

  test("a deny wins, and one for insecure transport does not apply on loopback", async () => {
    const all = { ...READ, Resource: arn("denied/*") };
    const deny = { ...READ, Effect: "Deny", Resource: arn("denied/shut/*") };
    const tls = { ...all, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    const get = await bucketWith("denied", all, deny, tls);
    expect((await get("open/a%2Bb.rpm")).status).toBe(200);
    expect((await get("shut/secret")).status).toBe(403);
  });

  test("a public access block shuts what a policy opens, and refuses such a policy", async () => {
    const statement = { ...READ, Resource: arn("blocked/*") };
    const get = await bucketWith("blocked", statement);
    expect((await get("shut/secret")).status).toBe(200);
    const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true, BlockPublicPolicy: true };
    await running.s3.send(
      new PutPublicAccessBlockCommand({ Bucket: "blocked", PublicAccessBlockConfiguration }),
    );
    expect((await get("shut/secret")).status).toBe(403);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statement });
    const again = new PutBucketPolicyCommand({ Bucket: "blocked", Policy });
    expect(await refusalOf(running.s3.send(again))).toBe("403 AccessDenied");
  });
});
