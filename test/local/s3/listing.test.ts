import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

let running: RunningS3;
beforeAll(async () => {
  running = await runningS3();
});
afterAll(() => running[Symbol.asyncDispose]());

const put = (Key: string, Body = "x") =>
  running.s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body }));

interface Page {
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
}

/** All pages: keys, common prefixes, and how many pages there were. */
async function listed(wish: Page) {
  const found: string[] = [];
  let pages = 0;
  let ContinuationToken: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: "bucket", ...wish, ContinuationToken });
    const page = await running.s3.send(command);
    const names = [
      ...(page.Contents ?? []).map(({ Key }) => Key ?? ""),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""),
    ];
    expect(page.KeyCount).toBe(names.length);
    found.push(...names.sort(byBytes));
    ContinuationToken = page.NextContinuationToken;
    pages += 1;
  } while (ContinuationToken !== undefined);
  return { found, pages };
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("lists", () => {
  test("come in pages, without gaps or repeats", async () => {
    const keys = Array.from({ length: 25 }, (_, index) => `page/${String(index).padStart(3, "0")}`);
    for (const key of keys) await put(key);
    expect(await listed({ Prefix: "page/", MaxKeys: 10 })).toEqual({ found: keys, pages: 3 });
    expect(await listed({ Prefix: "page/", MaxKeys: 25 })).toEqual({ found: keys, pages: 1 });
  });

  test("roll up at a delimiter, each prefix once, also across pages", async () => {
    for (const key of ["a", "b/1", "b/2", "b0", "c", "e/1", "f"]) await put(`roll/${key}`);
    const rolled = ["a", "b/", "b0", "c", "e/", "f"].map((key) => `roll/${key}`);
    for (const MaxKeys of [1, 2, 3, 1000]) {
      expect((await listed({ Prefix: "roll/", Delimiter: "/", MaxKeys })).found).toEqual(rolled);
    }
  });

  test("begin after a key", async () => {
    for (const key of ["after/1", "after/2", "after/3"]) await put(key);
    const command = new ListObjectsV2Command({ Bucket: "bucket", Prefix: "after/", StartAfter: "after/1" });
    const { Contents } = await running.s3.send(command);
    expect(Contents?.map(({ Key }) => Key)).toEqual(["after/2", "after/3"]);
  });

  test("of no keys are empty and complete", async () => {
    const command = new ListObjectsV2Command({ Bucket: "bucket", MaxKeys: 0 });
    expect(await running.s3.send(command)).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test("are what a sorted set would say, for any keys, delimiter and page size", async () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "/", "b", "\u{ffee}", "\u{1f600}", "é"),
      maxLength: 4,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (names, MaxKeys) => {
          round += 1;
          const Prefix = `any/${round}/`;
          for (const name of names) await put(`${Prefix}${name}`);
          const roll = (name: string) => (name.includes("/") ? name.slice(0, name.indexOf("/") + 1) : name);
          const expected = [...new Set(names.map((name) => Prefix + roll(name)))].toSorted(byBytes);
          expect((await listed({ Prefix, Delimiter: "/", MaxKeys })).found).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe("versions", () => {
  const Bucket = "versioned";
  const at = (Key: string) => ({ Bucket, Key });
  const store = (Key: string, Body: string) => running.s3.send(new PutObjectCommand({ ...at(Key), Body }));
  const text = async (Key: string, VersionId?: string) =>
    (await running.s3.send(new GetObjectCommand({ ...at(Key), VersionId }))).Body?.transformToString();
  const versioning = (Status: "Enabled" | "Suspended") =>
    running.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

  beforeAll(async () => {
    const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
    await running.s3.send(new CreateBucketCommand({ Bucket }));
    await versioning("Enabled");
  });

  test("versioning is told", async () => {
    const get = (Bucket: string) => running.s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect((await get(Bucket)).Status).toBe("Enabled");
    expect((await get("bucket")).Status).toBeUndefined();
  });

  test("what was overwritten can be read by its version", async () => {
    const [one, two] = [await store("over", "one"), await store("over", "two")];
    expect(await text("over")).toBe("two");
    expect(await text("over", one.VersionId)).toBe("one");
    expect(await text("over", two.VersionId)).toBe("two");
    expect(await refusalOf(text("over", "0123"))).toBe("404 NoSuchVersion");
  });

  test("what was deleted is behind a marker, and back when the marker goes", async () => {
    await store("gone", "one");
    const { DeleteMarker, VersionId } = await running.s3.send(new DeleteObjectCommand(at("gone")));
    expect(DeleteMarker).toBe(true);
    expect(await refusalOf(text("gone"))).toBe("404 NoSuchKey");
    await running.s3.send(new DeleteObjectCommand({ ...at("gone"), VersionId }));
    expect(await text("gone")).toBe("one");
  });

  test("a marker does not count as an object for If-None-Match", async () => {
    await store("marker", "one");
    await running.s3.send(new DeleteObjectCommand(at("marker")));
    const create = new PutObjectCommand({ ...at("marker"), Body: "two", IfNoneMatch: "*" });
    expect(await refusalOf(running.s3.send(create))).toBe("not refused");
  });

  test("when the newest version goes, the one before it is current", async () => {
    await store("undo", "one");
    const { VersionId } = await store("undo", "two");
    await running.s3.send(new DeleteObjectCommand({ ...at("undo"), VersionId }));
    expect(await text("undo")).toBe("one");
  });

  test("all versions are listed, newest first, page by page", async () => {
    const ids = [];
    for (const body of ["1", "2", "3"]) ids.unshift((await store("list/a", body)).VersionId);
    ids.push((await store("list/b", "1")).VersionId);
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let truncated = true; truncated;) {
      const command = new ListObjectVersionsCommand({ Bucket, Prefix: "list/", MaxKeys: 2, ...markers });
      const page = await running.s3.send(command);
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      truncated = page.IsTruncated ?? false;
    }
    expect(seen).toEqual(ids);
  });

  test("while it is suspended, one null version is overwritten and the others stay", async () => {
    const { VersionId } = await store("pause", "kept");
    await versioning("Suspended");
    await store("pause", "null one");
    await store("pause", "null two");
    await versioning("Enabled");
    expect(await text("pause", "null")).toBe("null two");
    expect(await text("pause", VersionId)).toBe("kept");
    const list = new ListObjectVersionsCommand({ Bucket, Prefix: "pause" });
    expect((await running.s3.send(list)).Versions).toHaveLength(2);
  });
});
