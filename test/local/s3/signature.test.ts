import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, KEY_ID, refusalOf, type RunningS3, runningS3, SECRET } from "./running.ts";

describe("who may do what", () => {
  let running: RunningS3;
  let ahead = 0;
  const object = { Bucket: "bucket", Key: "key" };

  beforeAll(async () => {
    running = await runningS3({ now: () => Date.now() + ahead });
    await running.s3.send(new PutObjectCommand({ ...object, Body: "hello" }));
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const presigned = (expiresIn = 60): Promise<string> =>
    getSignedUrl(running.s3, new GetObjectCommand(object), { expiresIn });

  test("a wrong secret is refused", async () => {
    const s3 = clientOf(running.server.url, { secret: "wrong" });
    expect(await refusalOf(s3.send(new ListBucketsCommand({})))).toBe("403 SignatureDoesNotMatch");
  });

  test("an unknown key id is refused, also one that JavaScript knows", async () => {
    const request = (keyId: string) =>
      refusalOf(clientOf(running.server.url, { keyId }).send(new ListBucketsCommand({})));
    expect(await request("AKIDNOBODY")).toBe("403 InvalidAccessKeyId");
    expect(await request("constructor")).toBe("403 InvalidAccessKeyId");
  });

  test("a refused upload is answered, however long it is", async () => {
    const s3 = clientOf(running.server.url, { secret: "wrong" });
    const Body = Buffer.alloc(8 * 1024 ** 2);
    expect(await refusalOf(s3.send(new PutObjectCommand({ ...object, Body })))).toBe(
      "403 SignatureDoesNotMatch",
    );
  });

  test("a request signed too long ago is refused", async () => {
    const aws = new AwsClient({
      accessKeyId: KEY_ID,
      secretAccessKey: SECRET,
      service: "s3",
      region: "eu-central-1",
    });
    const url = `${running.server.url}/bucket/key`;
    const stale = await aws.sign(url, { aws: { datetime: "20200101T000000Z" } });
    const answer = await fetch(stale);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>RequestTimeTooSkewed</Code>");
    expect(await (await aws.fetch(url)).text()).toBe("hello");
  });

  test("a signed request with one more x-amz header is refused", async () => {
    const aws = new AwsClient({
      accessKeyId: KEY_ID,
      secretAccessKey: SECRET,
      service: "s3",
      region: "eu-central-1",
    });
    const request = await aws.sign(`${running.server.url}/bucket/other`, { method: "PUT", body: "x" });
    request.headers.set("x-amz-meta-more", "1");
    expect((await fetch(request)).status).toBe(403);
  });

  test("a signature for one key does not serve another", async () => {
    const url = await presigned();
    expect((await fetch(url.replace("/key?", "/other?"))).status).toBe(403);
  });

  test("a presigned URL reads until it expires", async () => {
    const url = await presigned(60);
    expect(await (await fetch(url)).text()).toBe("hello");
    ahead = 61_000;
    const late = await fetch(url);
    ahead = 0;
    expect(late.status).toBe(403);
    expect(await late.text()).toContain("Request has expired");
  });

  test("a longer time does not fit the signature", async () => {
    const url = (await presigned(60)).replace("X-Amz-Expires=60", "X-Amz-Expires=600");
    expect((await fetch(url)).status).toBe(403);
  });

  test("a URL presigned for more than a week is refused", async () => {
    const url = new URL(await presigned(60));
    url.searchParams.set("X-Amz-Expires", "604801");
    expect((await fetch(url)).status).toBe(400);
  });

  test("a forged signature is refused", async () => {
    const url = (await presigned()).replace(/X-Amz-Signature=.{8}/, "X-Amz-Signature=00000000");
    expect((await fetch(url)).status).toBe(403);
  });

  test("a presigned PUT writes, and carries its metadata", async () => {
    const command = new PutObjectCommand({ Bucket: "bucket", Key: "put", Metadata: { owner: "me" } });
    const url = await getSignedUrl(running.s3, command, { expiresIn: 60 });
    expect((await fetch(url, { method: "PUT", body: "mine" })).status).toBe(200);
    const written = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "put" }));
    expect(await written.Body?.transformToString()).toBe("mine");
    expect(written.Metadata).toEqual({ owner: "me" });
  });

  test("a presigned GET names the file to save", async () => {
    const command = new GetObjectCommand({ ...object, ResponseContentDisposition: "attachment; filename=x" });
    const answer = await fetch(await getSignedUrl(running.s3, command));
    expect(answer.headers.get("content-disposition")).toBe("attachment; filename=x");
  });

  test("without credentials nothing is read, written or listed", async () => {
    const { url } = running.server;
    const statuses = await Promise.all([
      fetch(url),
      fetch(`${url}/bucket`),
      fetch(`${url}/bucket?list-type=2`),
      fetch(`${url}/bucket/key`),
      fetch(`${url}/bucket/key`, { method: "PUT", body: "x" }),
      fetch(`${url}/bucket/key`, { method: "DELETE" }),
      fetch(`${url}/bucket?policy`),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
  });
});
