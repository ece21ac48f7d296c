import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Blobs, UploadForm } from "../../src/ports.ts";

export interface OpenBlobs {
  readonly blobs: Blobs;
  close(): Promise<void>;
}

/** Sends a file as curl and browsers do. */
export function submit(form: UploadForm, name: string, body: string): Promise<Response> {
  const data = new FormData();
  for (const [field, value] of Object.entries(form.fields)) data.append(field, value);
  data.append("file", new Blob([body]), name);
  return fetch(form.url, { method: "POST", body: data });
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

/** What `Blobs` promise; each case names the sentence of Amazon S3's documentation that it rests on. */
export function blobsContract(where: string, open: () => Promise<OpenBlobs>, reasonToSkip?: string): void {
  const title = reasonToSkip === undefined ? where : `${where} (skipped, because ${reasonToSkip})`;
  describe.skipIf(reasonToSkip !== undefined)(`blobs on ${title}`, () => {
    let opened: OpenBlobs;
    let blobs: Blobs;
    const fresh = (): string => `contract/blobs/${randomUUID()}/`;
    const limits = { bytes: 100, seconds: 60 };

    beforeAll(async () => {
      opened = await open();
      blobs = opened.blobs;
    });
    afterAll(() => opened.close());

    // PutObject: "if you receive a success response, Amazon S3 added the entire object to the bucket."
    test("what was put is got, byte for byte, and put again is replaced", async () => {
      const key = `${fresh()}blob`;
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await blobs.put(key, "first");
      await blobs.put(key, bytes);
      expect((await blobs.get(key))?.value).toEqual(bytes);
    });

    // GetObject: "If you have the s3:ListBucket permission on the bucket, Amazon S3 returns an HTTP status code 404"
    test("nothing is got where nothing was put", async () => {
      expect(await blobs.get(`${fresh()}blob`)).toBeUndefined();
    });

    // PutObject: Content-Type, "a standard MIME type describing the format of the contents", is given back with them.
    test("browsers show plots and logs, and are given all else as bytes", async () => {
      const prefix = fresh();
      const types = [];
      for (const name of ["boot.svg", "1.txt", "bundle.tar"]) {
        await blobs.put(prefix + name, "x");
        types.push((await fetch(await blobs.lend(prefix + name, 60))).headers.get("content-type"));
      }
      expect(types).toEqual(["image/svg+xml", "text/plain; charset=utf-8", "application/octet-stream"]);
    });

    test("an empty blob is a blob", async () => {
      const key = `${fresh()}blob`;
      await blobs.put(key, "");
      expect((await blobs.get(key))?.value).toHaveLength(0);
    });

    // How to prevent object overwrites with conditional writes: "If an identical key name is found in the bucket, the operation fails."
    test("what is there is not created again", async () => {
      const key = `${fresh()}blob`;
      expect(await blobs.create(key, "one")).toBe(true);
      expect(await blobs.create(key, "two")).toBe(false);
      expect(text((await blobs.get(key))?.value)).toBe("one");
    });

    // Listing object keys programmatically: "List results are always returned in UTF-8 binary order."
    test("a list has what begins with the prefix, with sizes, in the order of UTF-8 bytes", async () => {
      const prefix = fresh();
      const names = ["a", "B", "_", "~", "é", "a+b c", "z/1", "\u{ffee}", "\u{1f600}"];
      for (const name of names) await blobs.put(`${prefix}${name}`, "x".repeat(name.length));
      await blobs.put(`${prefix.slice(0, -1)}0`, "beside");
      const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await blobs.list(prefix)).toEqual(
        sorted.map((name) => ({ key: `${prefix}${name}`, size: name.length })),
      );
    });

    // DeleteObjects: "If the object … isn't found, Amazon S3 confirms the deletion by returning the result as deleted."
    test("what was removed is gone, and removing it again is fine", async () => {
      const key = `${fresh()}blob`;
      await blobs.put(key, "one");
      expect(await blobs.remove(key)).toBe(true);
      expect(await blobs.get(key)).toBeUndefined();
      expect(await blobs.remove(key)).toBe(true);
    });

    // How to perform conditional deletes: "If the ETag value … doesn’t match with the ETag that you provide …, the operation fails."
    test("a version that was replaced is not removed", async () => {
      const key = `${fresh()}blob`;
      await blobs.put(key, "one");
      const { version = "" } = (await blobs.get(key)) ?? {};
      await blobs.put(key, "two");
      expect(await blobs.remove(key, version)).toBe(false);
      expect(text((await blobs.get(key))?.value)).toBe("two");
    });

    // The same page: an existing object with the same key and a matching ETag is deleted, with 204
    test("the version that is there is removed", async () => {
      const key = `${fresh()}blob`;
      await blobs.put(key, "one");
      const { version = "" } = (await blobs.get(key)) ?? {};
      expect(await blobs.remove(key, version)).toBe(true);
      expect(await blobs.get(key)).toBeUndefined();
    });

    // Download and upload objects with presigned URLs: "You can use the presigned URL multiple times, up to the expiration date and time."
    test("a lent address reads its object without credentials, more than once", async () => {
      const key = `${fresh()}a+b é%2B`;
      await blobs.put(key, "lent");
      const address = await blobs.lend(key, 60);
      expect(await (await fetch(address)).text()).toBe("lent");
      expect(await (await fetch(address)).text()).toBe("lent");
    });

    test("a lent address reads no other object, and writes none", async () => {
      const prefix = fresh();
      await blobs.put(`${prefix}lent`, "lent");
      await blobs.put(`${prefix}kept`, "kept");
      const address = await blobs.lend(`${prefix}lent`, 60);
      expect((await fetch(address.replace("/lent?", "/kept?"))).status).toBe(403);
      expect((await fetch(address, { method: "PUT", body: "x" })).status).toBe(403);
    });

    // HTML form fields, ${filename}: "only the text following the last slash (/) or backslash (\) is used"
    test("a form adds files below its prefix, by their names", async () => {
      const prefix = fresh();
      const form = await blobs.admit(prefix, limits);
      expect((await submit(form, "foo-1.0~rc1+git.rpm", "one")).ok).toBe(true);
      expect((await submit(form, "SHA256SUMS", "two")).ok).toBe(true);
      expect(await blobs.list(prefix)).toEqual([
        { key: `${prefix}SHA256SUMS`, size: 3 },
        { key: `${prefix}foo-1.0~rc1+git.rpm`, size: 3 },
      ]);
    });

    test("a form's key ends in ${filename}", async () => {
      const form = await blobs.admit(fresh(), limits);
      expect(form.fields["key"]).toMatch(/\$\{filename\}$/);
    });

    // POST policy, condition matching: "The value must start with the specified value."
    test("a form adds nothing outside its prefix", async () => {
      const [prefix, elsewhere] = [fresh(), fresh()];
      const form = await blobs.admit(prefix, limits);
      const bent = { ...form, fields: { ...form.fields, key: `${elsewhere}\${filename}` } };
      expect((await submit(bent, "file", "x")).status).toBe(403);
      expect(await blobs.list(elsewhere)).toEqual([]);
    });

    // POST policy, content-length-range: "The minimum and maximum allowable size for the uploaded content"
    test("a form takes a file of just its size, and no byte more", async () => {
      const prefix = fresh();
      const form = await blobs.admit(prefix, limits);
      expect((await submit(form, "full", "x".repeat(100))).ok).toBe(true);
      expect((await submit(form, "over", "x".repeat(101))).status).toBe(400);
      expect(await blobs.list(prefix)).toEqual([{ key: `${prefix}full`, size: 100 }]);
    });

    // POST policy: "Each form field that you specify in a form … must appear in the list of conditions."
    test("a form with a field that was not agreed on is refused", async () => {
      const form = await blobs.admit(fresh(), limits);
      const more = { ...form, fields: { ...form.fields, "x-amz-meta-owner": "me" } };
      expect((await submit(more, "file", "x")).status).toBe(403);
    });
  });
}
