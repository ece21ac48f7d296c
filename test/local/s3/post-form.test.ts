import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPost } from "@aws-sdk/s3-presigned-post";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, type RunningS3, runningS3 } from "./running.ts";

const FILENAME = "${filename}";
const run = promisify(execFile);

describe("uploads by form", () => {
  let running: RunningS3;
  let ahead = 0;
  beforeAll(async () => {
    running = await runningS3({ now: () => Date.now() + ahead });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  type Conditions = NonNullable<Parameters<typeof createPresignedPost>[1]["Conditions"]>;
  const formFor = (
    prefix: string,
    Conditions: Conditions = [],
    Fields: Record<string, string> = {},
  ): Promise<PresignedPost> =>
    createPresignedPost(running.s3, {
      Bucket: "bucket",
      Key: `${prefix}${FILENAME}`,
      Conditions,
      Fields,
      Expires: 60,
    });

  function submit(form: PresignedPost, name: string, body: string | Uint8Array<ArrayBuffer>) {
    const data = new FormData();
    for (const [field, value] of Object.entries(form.fields)) data.append(field, value);
    data.append("file", new Blob([body]), name);
    return fetch(form.url, { method: "POST", body: data });
  }
  const text = async (Key: string) => {
    const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key }));
    return object.Body?.transformToString();
  };
  const count = async (Prefix: string) =>
    (await running.s3.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix }))).KeyCount;
  const codeOf = async (answer: Promise<Response>): Promise<string> => {
    const { status, text } = await answer.then(async (got) => ({
      status: got.status,
      text: await got.text(),
    }));
    return `${status} ${/<Code>(.*)<\/Code>/.exec(text)?.[1] ?? ""}`.trim();
  };

  test("the file's name takes its place in the key", async () => {
    const answer = await submit(await formFor("up/"), "foo-1.0~a+b.rpm", "the file");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("location")).toContain("/bucket/up/foo-1.0~a%2Bb.rpm");
    expect(await text("up/foo-1.0~a+b.rpm")).toBe("the file");
  });

  test("of a path only what follows the last slash is its name", async () => {
    await submit(await formFor("path/"), "/etc/../a/b.rpm", "one");
    await submit(await formFor("path/"), String.raw`C:\dir\c.rpm`, "two");
    expect(await text("path/b.rpm")).toBe("one");
    expect(await text("path/c.rpm")).toBe("two");
  });

  test("bytes that look like a boundary are bytes", async () => {
    const body = `--\r\n--x\r\n\r\n--${"-".repeat(30)}\r\n`.repeat(5000);
    expect((await submit(await formFor("bytes/"), "file", body)).status).toBe(204);
    expect(await text("bytes/file")).toBe(body);
  });

  test("curl sends it from a file, fields in order and the file last", async () => {
    const dir = await mkdtemp(join(tmpdir(), "millwright-form-"));
    const path = join(dir, "curl+1.0.rpm");
    await writeFile(path, Buffer.alloc(3 * 1024 ** 2, "c"));
    const form = await formFor("curl/");
    const fields = Object.entries(form.fields).flatMap(([name, value]) => [
      "--form-string",
      `${name}=${value}`,
    ]);
    await run("curl", ["--fail-with-body", "--silent", ...fields, "--form", `file=@${path}`, form.url]);
    await rm(dir, { recursive: true });
    const head = new HeadObjectCommand({ Bucket: "bucket", Key: "curl/curl+1.0.rpm" });
    expect((await running.s3.send(head)).ContentLength).toBe(3 * 1024 ** 2);
  });

  test("the answer is what the form asks for", async () => {
    const success = (code: string) => formFor("status/", [], { success_action_status: code });
    expect((await submit(await success("200"), "a", "x")).status).toBe(200);
    const created = await submit(await success("201"), "b", "x");
    expect(created.status).toBe(201);
    expect(await created.text()).toContain("<Key>status/b</Key>");
  });

  test("fields become the object's facts", async () => {
    await submit(
      await formFor("facts/", [], { "Content-Type": "text/x-spec", "x-amz-meta-job": "7" }),
      "a",
      "x",
    );
    const head = await running.s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "facts/a" }));
    expect(head).toMatchObject({ ContentType: "text/x-spec", Metadata: { job: "7" } });
  });

  test("a key outside the prefix is refused", async () => {
    const form = await formFor("mine/");
    const bent = { ...form, fields: { ...form.fields, key: `yours/${FILENAME}` } };
    expect(await codeOf(submit(bent, "a", "x"))).toBe("403 AccessDenied");
    expect(await count("yours/")).toBe(0);
  });

  test("another bucket than the policy's is refused", async () => {
    const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
    await running.s3.send(new CreateBucketCommand({ Bucket: "other" }));
    const form = await formFor("mine/");
    const bent = { ...form, url: form.url.replace("/bucket", "/other") };
    expect(await codeOf(submit(bent, "a", "x"))).toBe("403 AccessDenied");
  });

  test("too long is refused while it streams, too short at its end, and nothing is left", async () => {
    const form = await formFor("size/", [["content-length-range", 2, 1000]]);
    expect(await codeOf(submit(form, "a", new Uint8Array(4 * 1024 ** 2)))).toBe("400 EntityTooLarge");
    expect(await codeOf(submit(form, "a", "x"))).toBe("400 EntityTooSmall");
    expect(await codeOf(submit(form, "a", "xx"))).toBe("204");
    expect(await count("size/")).toBe(1);
    expect(await readdir(join(running.dir, "incoming"))).toEqual([]);
  });

  test("what a refused client goes on sending is taken and forgotten", async () => {
    const form = await formFor("drain/", [["content-length-range", 0, 1000]]);
    const head = [
      ...Object.entries(form.fields).map(
        ([name, value]) => `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      ),
      '--line\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
    ].join("");
    const headers = { "content-type": "multipart/form-data; boundary=line" };
    const up = request(form.url, { method: "POST", headers });
    const answered = once(up, "response");
    up.write(head + "x".repeat(2000));
    const [answer] = await answered;
    expect(answer.statusCode).toBe(400);
    answer.resume();
    // More than the sockets' buffers hold.
    up.end(Buffer.alloc(64 * 1024 ** 2));
    await once(up, "finish");
    expect(await count("drain/")).toBe(0);
  });

  test("a field that differs from its condition, or has none, is refused", async () => {
    const form = await formFor("eq/", [], { "x-amz-meta-job": "7" });
    const withField = (name: string, value: string) => ({
      ...form,
      fields: { ...form.fields, [name]: value },
    });
    expect(await codeOf(submit(withField("x-amz-meta-job", "8"), "a", "x"))).toBe("403 AccessDenied");
    expect(await codeOf(submit(withField("x-amz-meta-more", "8"), "a", "x"))).toBe("403 AccessDenied");
    expect(await codeOf(submit(withField("x-ignore-more", "8"), "a", "x"))).toBe("204");
  });

  test("a forged, foreign or missing signature is refused", async () => {
    const form = await formFor("sig/");
    const fields = (more: Record<string, string>) => ({ ...form, fields: { ...form.fields, ...more } });
    const loose = Buffer.from(JSON.stringify({ expiration: "2999-01-01T00:00:00Z", conditions: [] }));
    expect(await codeOf(submit(fields({ Policy: loose.toString("base64") }), "a", "x"))).toBe(
      "403 SignatureDoesNotMatch",
    );
    expect(await codeOf(submit(fields({ "X-Amz-Signature": "" }), "a", "x"))).toBe(
      "403 SignatureDoesNotMatch",
    );
    const stranger = await createPresignedPost(clientOf(running.server.url, { keyId: "AKIDNOBODY" }), {
      Bucket: "bucket",
      Key: "sig/a",
    });
    expect(await codeOf(submit(stranger, "a", "x"))).toBe("403 InvalidAccessKeyId");
    const bare = { url: form.url, fields: { key: "sig/a" } };
    expect(await codeOf(submit(bare, "a", "x"))).toBe("403 AccessDenied");
    expect(await count("sig/")).toBe(0);
  });

  test("a form expires", async () => {
    const form = await formFor("late/");
    ahead = 61_000;
    const code = await codeOf(submit(form, "a", "x"));
    ahead = 0;
    expect(code).toBe("403 AccessDenied");
  });

  test("a form without a file, or with endless fields, is refused", async () => {
    const form = await formFor("odd/");
    const post = (fields: Record<string, string>) => {
      const data = new FormData();
      for (const [field, value] of Object.entries(fields)) data.append(field, value);
      return fetch(form.url, { method: "POST", body: data });
    };
    expect(await codeOf(post(form.fields))).toBe("400 InvalidArgument");
    expect(await codeOf(post({ ...form.fields, "x-ignore-a": "x".repeat(30_000) }))).toMatch(/^400 /);
  });

  test("a body that breaks off leaves nothing", async () => {
    const form = await formFor("cut/");
    const boundary = "cut";
    const fields = Object.entries(form.fields).map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf`;
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    const answer = fetch(form.url, { method: "POST", headers, body: fields.join("") + file });
    expect(await codeOf(answer)).toBe("400 MalformedPOSTRequest");
    expect(await count("cut/")).toBe(0);
    expect(await readdir(join(running.dir, "incoming"))).toEqual([]);
  });
});
