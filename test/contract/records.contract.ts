import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Records } from "../../src/ports.ts";

/** What the contract keeps in the records it is given. */
export interface Note {
  readonly text: string;
}

export function parseNote(json: unknown): Note {
  if (typeof json === "object" && json && "text" in json && typeof json.text === "string") {
    return { text: json.text };
  }
  throw new Error("not a note");
}

export interface OpenRecords {
  readonly records: Records<Note>;
  /** Puts bytes past the port. */
  readonly plant: (key: string, body: string) => Promise<void>;
  readonly bucket: string;
  close(): Promise<void>;
}

/** What `Records` promise; each case names the sentence of Amazon S3's documentation that it rests on. */
export function recordsContract(
  where: string,
  open: () => Promise<OpenRecords>,
  reasonToSkip?: string,
): void {
  const title = reasonToSkip === undefined ? where : `${where} (skipped, because ${reasonToSkip})`;
  describe.skipIf(reasonToSkip !== undefined)(`records on ${title}`, () => {
    let opened: OpenRecords;
    let records: Records<Note>;
    const fresh = (): string => `contract/records/${randomUUID()}/~2f.+ é`;

    beforeAll(async () => {
      opened = await open();
      records = opened.records;
    });
    afterAll(() => opened.close());

    // GetObject: "If you have the s3:ListBucket permission on the bucket, Amazon S3 returns an HTTP status code 404"
    test("nothing is read where nothing was written", async () => {
      expect(await records.read(fresh())).toBeUndefined();
    });

    // What is Amazon S3: "strong read-after-write consistency for PUT and DELETE requests of objects"
    test("what was created is read at once", async () => {
      const key = fresh();
      expect(await records.create(key, { text: "one" })).toBe(true);
      expect(await records.read(key)).toEqual({ value: { text: "one" }, version: expect.any(String) });
    });

    // How to prevent object overwrites with conditional writes: "If an identical key name is found in the bucket, the operation fails."
    test("what is there is not created again, and stays as it is", async () => {
      const key = fresh();
      await records.create(key, { text: "one" });
      expect(await records.create(key, { text: "two" })).toBe(false);
      expect((await records.read(key))?.value).toEqual({ text: "one" });
    });

    // The same page: "If multiple conditional writes … occur … the first write operation to finish succeeds."
    test("of eight who create at once, one does, and its value is there", async () => {
      const key = fresh();
      const writers = Array.from({ length: 8 }, (_, index) => ({ text: `writer ${index}` }));
      const won = await Promise.all(writers.map((note) => records.create(key, note)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await records.read(key))?.value).toEqual(writers[won.indexOf(true)]);
    });

    // PutObject, If-Match: "Uploads the object only if the ETag (entity tag) value … matches the ETag of the object in S3."
    test("the version that was read can be replaced", async () => {
      const key = fresh();
      await records.create(key, { text: "one" });
      const { version = "" } = (await records.read(key)) ?? {};
      expect(await records.replace(key, { text: "two" }, version)).toBe(true);
      expect((await records.read(key))?.value).toEqual({ text: "two" });
    });

    // PutObject, If-Match: "If the ETag values do not match, the operation returns a 412 Precondition Failed error."
    test("a version that was replaced cannot be replaced again", async () => {
      const key = fresh();
      await records.create(key, { text: "one" });
      const { version = "" } = (await records.read(key)) ?? {};
      await records.replace(key, { text: "two" }, version);
      expect(await records.replace(key, { text: "three" }, version)).toBe(false);
      expect((await records.read(key))?.value).toEqual({ text: "two" });
    });

    // Conditional writes, If-Match without a current version: "the operation fails with a 404 Not Found error."
    test("what is not there cannot be replaced", async () => {
      const key = fresh();
      expect(await records.replace(key, { text: "one" }, '"0123456789abcdef0123456789abcdef"')).toBe(false);
      expect(await records.read(key)).toBeUndefined();
    });

    // PutObject, If-Match: "On a 409 failure you should fetch the object's ETag and retry the upload."
    test("of eight who replace the same version at once, one does, and its value is there", async () => {
      const key = fresh();
      await records.create(key, { text: "one" });
      const { version = "" } = (await records.read(key)) ?? {};
      const writers = Array.from({ length: 8 }, (_, index) => ({ text: `writer ${index}` }));
      const won = await Promise.all(writers.map((note) => records.replace(key, note, version)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await records.read(key))?.value).toEqual(writers[won.indexOf(true)]);
    });

    test("a record that cannot be parsed is an error that names its bucket and key", async () => {
      const key = fresh();
      await opened.plant(key, "not json");
      await expect(records.read(key)).rejects.toThrow(`s3://${opened.bucket}/${key}`);
      await opened.plant(key, '{"other":1}');
      await expect(records.read(key)).rejects.toThrow(`s3://${opened.bucket}/${key}`);
    });
  });
}
