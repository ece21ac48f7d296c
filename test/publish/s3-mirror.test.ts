import { HeadObjectCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/local/s3/server.ts";
import { moveAll } from "../../src/publish/moves.ts";
import { readPointer } from "../../src/publish/pointer.ts";
import { publish } from "../../src/publish/publish.ts";
import { s3Mirror } from "../../src/publish/s3-mirror.ts";
import { sha256 } from "../../src/publish/snapshot.ts";
import { runningS3 } from "../local/s3/running.ts";
import { dnfInstall, zypperInstall } from "../../src/local/clients.ts";
import { buildRpm, manifestOf, offer, scratch, serve, testKey, testTools } from "./kit.ts";
import { readAsClient } from "./reader.ts";

const bytes = (text: string) => Buffer.from(text);

/** An S3 that meets these faults, one for each write. */
async function running(...faults: (Fault | undefined)[]) {
  const it = await runningS3({
    faults: ({ name }) => (name === "PutObject" ? faults.shift() : undefined),
  });
  const mirror = s3Mirror(it.s3, { bucket: it.bucket, prefix: "acme/os/devel" });
  return { ...it, mirror, [Symbol.asyncDispose]: it[Symbol.asyncDispose] };
}

test("what is created is read back, and not created over", async () => {
  await using it = await running();
  expect(await it.mirror.get("t/a+b")).toBeUndefined();
  expect(await it.mirror.create("t/a+b", bytes("one"))).toBe(true);
  expect(await it.mirror.create("t/a+b", bytes("two"))).toBe(false);
  expect((await it.mirror.get("t/a+b"))?.value).toEqual(new Uint8Array(bytes("one")));
});

test("what is replaced must still be what was read", async () => {
  await using it = await running();
  await it.mirror.put("t/pointer", bytes("one"));
  const { version = "" } = (await it.mirror.get("t/pointer")) ?? {};
  expect(await it.mirror.replace("t/pointer", bytes("two"), version)).toBe(true);
  expect(await it.mirror.replace("t/pointer", bytes("three"), version)).toBe(false);
});

test("a file is written with its digest, and refused if it is another", async () => {
  await using place = await scratch();
  await using it = await running();
  const file = join(place.dir, "file");
  await writeFile(file, "content");
  const body = { file, size: 7, sha256: sha256(bytes("content")) };
  expect(await it.mirror.create("t/pool/file.rpm", body)).toBe(true);
  await expect(it.mirror.create("t/pool/other.rpm", { ...body, sha256: sha256(bytes("x")) })).rejects.toThrow(
    "did not match",
  );
  const head = await it.s3.send(
    new HeadObjectCommand({ Bucket: it.bucket, Key: "acme/os/devel/t/pool/file.rpm" }),
  );
  expect(head).toMatchObject({
    ContentType: "application/x-rpm",
    CacheControl: "public, max-age=31536000, immutable",
  });
});

test("a write that meets a conflict or a tired server is made again", async () => {
  await using place = await scratch();
  const file = join(place.dir, "file");
  await writeFile(file, "content");
  await using it = await running(
    { status: 409, code: "ConditionalRequestConflict" },
    { status: 503, code: "SlowDown" },
  );
  expect(await it.mirror.create("t/pool/file.rpm", { file, size: 7, sha256: sha256(bytes("content")) })).toBe(
    true,
  );
});

describe("a pointer", () => {
  const key = "t/mirrorlist";
  const text = (number: number) => `http://mirror.invalid/t/snapshots/00000${number}/\n`;

  test("moves from what was read, and not from anywhere else", async () => {
    await using it = await running();
    expect(await moveAll(it.mirror, [{ key, to: text(1) }])).toBe(true);
    expect(await moveAll(it.mirror, [{ key, to: text(2) }])).toBe(false);
    expect(await moveAll(it.mirror, [{ key, from: text(1), to: text(2) }])).toBe(true);
    expect(await moveAll(it.mirror, [{ key, from: text(1), to: text(3) }])).toBe(false);
    expect(await readPointer(it.mirror, key)).toMatchObject({ number: 2 });
  });

  test.each([0, 1, 2])(
    "that was moved is known to be, also when the answer to write %i was lost",
    async (n) => {
      const lost = { status: 500, code: "InternalError", after: true };
      await using it = await running(...Array.from({ length: n }, () => undefined), lost);
      expect(await moveAll(it.mirror, [{ key, to: text(1) }])).toBe(true);
      expect(await readPointer(it.mirror, key)).toMatchObject({ number: 1 });
    },
  );
});

async function readByAll({ s3, bucket }: Awaited<ReturnType<typeof running>>): Promise<void> {
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
}

test("publishers at the same time bring all their packages, each once", async () => {
  await using place = await scratch();
  await using it = await running();
  await readByAll(it);
  await using shelf = await serve((path) => readFile(path).catch(() => undefined));
  const url = `${it.server.url}/${it.bucket}/acme/os/devel`;
  const key = await testKey();
  const names = ["one", "two", "three"];
  const publisher = async (name: string, run: string) => {
    const dir = join(place.dir, run);
    const tools = await testTools(dir);
    const { file } = await buildRpm(dir, { name });
    const manifest = manifestOf(url, [await offer(shelf.url, { file, arch: "x86_64" })], { run });
    return () => publish({ manifest, mirror: it.mirror, key, tools, dir });
  };
  const publishers = await Promise.all(names.map((name) => publisher(name, `run-${name}`)));
  const outcomes = await Promise.all(publishers.map((start) => start()));
  expect(outcomes.map(({ kind }) => kind)).toEqual(["published", "published", "published"]);
  const { packages } = await readAsClient(`${url}/leap-15.6`, key);
  expect(packages.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
}, 60_000);

test("dnf and zypper install from a bucket that anybody may read but not list", async () => {
  await using place = await scratch();
  await using it = await running();
  await readByAll(it);
  await using shelf = await serve((path) => readFile(path).catch(() => undefined));
  const name = "hello++lib";
  const { file } = await buildRpm(place.dir, { name, version: "1.0+git" });
  const url = `${it.server.url}/${it.bucket}/acme/os/devel`;
  const key = await testKey();
  const manifest = manifestOf(url, [await offer(shelf.url, { file, arch: "x86_64" })]);
  const tools = await testTools(place.dir);
  const outcome = await publish({ manifest, mirror: it.mirror, key, tools, dir: place.dir });
  expect(outcome).toMatchObject({ kind: "published" });

  const repoFile = join(place.dir, "os.repo");
  const keyFile = join(place.dir, "key.asc");
  const get = async (path: string) => (await fetch(`${url}/${path}`)).text();
  await writeFile(repoFile, await get("os-devel-leap-15.6.repo"));
  await writeFile(keyFile, await get("RPM-GPG-KEY-millwright"));
  for (const [root, client] of [
    ["dnf", dnfInstall],
    ["zypper", zypperInstall],
  ] as const) {
    const said = await client({ root: join(place.dir, root), repoFile, keyFile, packages: [name] });
    expect(said).toMatchObject({ code: 0 });
    expect(await readFile(join(place.dir, root, "opt", name, "text"), "utf8")).toBe("hello\n");
  }
});
