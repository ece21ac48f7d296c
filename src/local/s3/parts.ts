import { z } from "zod";
import { bucketOf } from "./bucket.ts";
import { sourceOf } from "./copy.ts";
import { checksumHeaders } from "./facts.ts";
import { limitOf } from "./listing.ts";
import { measure, type Received, receive } from "./payload.ts";
import { invalidArgument, refusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { commitFile, factsColumn, segmentsOf } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { xmlReply } from "./xml.ts";

const Upload = z.object({ id: z.string(), key: z.string(), facts: factsColumn, started: z.int() });
type Upload = z.infer<typeof Upload>;

const Part = z.object({
  number: z.int(),
  file: z.string(),
  size: z.int(),
  etag: z.string(),
  modified: z.int(),
});
export type Part = z.infer<typeof Part>;

export function uploadOf(store: Store, { bucket, key, query }: Call): Upload {
  bucketOf(store, bucket);
  const id = query.get("uploadId");
  const row = store.one("select * from upload where id = ? and bucket = ? and key = ?", id, bucket, key);
  if (row) return Upload.parse(row);
  throw refusal(404, "NoSuchUpload", { message: "The specified multipart upload does not exist." });
}

export const partsOf = (store: Store, upload: string): readonly Part[] =>
  store.all("select * from part where upload = ? order by number", upload).map((row) => Part.parse(row));

export function removeUpload(store: Store, upload: string, loosened: string[]): void {
  loosened.push(...partsOf(store, upload).map((part) => part.file));
  store.run("delete from part where upload = ?", upload);
  store.run("delete from upload where id = ?", upload);
}

export async function uploadPart(backend: Backend, call: Call): Promise<Reply> {
  const number = partNumber(call);
  uploadOf(backend.store, call);
  const received = await receive(backend, call);
  savePart(backend, call, { number, received });
  return { status: 200, headers: { etag: `"${received.md5}"`, ...checksumHeaders(received) } };
}

/** UploadPartCopy: a part out of another object's bytes. */
export async function copyPart(backend: Backend, call: Call): Promise<Reply> {
  const number = partNumber(call);
  uploadOf(backend.store, call);
  const source = sourceOf(backend.store, call);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(call.headers["x-amz-copy-source-range"] ?? "") ?? [];
  const range = { start: Number(first ?? 0), end: Number(last ?? source.size - 1) };
  if (range.end >= source.size || range.start > range.end)
    throw invalidArgument("The range is not in the source");
  const { bytes, told } = measure(backend.files.read(segmentsOf(backend.store, source), range), []);
  const file = await backend.files.keep(bytes);
  savePart(backend, call, { number, received: { file, ...told() } });
  return xmlReply("CopyPartResult", {
    ETag: `"${told().md5}"`,
    LastModified: new Date(backend.now()).toISOString(),
  });
}

function savePart(backend: Backend, call: Call, part: { number: number; received: Received }): void {
  const { number, received } = part;
  commitFile(backend, received.file, (loosened) => {
    const { id } = uploadOf(backend.store, call);
    loosened.push(
      ...partsOf(backend.store, id)
        .filter((old) => old.number === number)
        .map((old) => old.file),
    );
    backend.store.run(
      "insert or replace into part values (?, ?, ?, ?, ?, ?, ?)",
      id,
      number,
      received.file,
      received.size,
      received.md5,
      JSON.stringify(received.checksums),
      backend.now(),
    );
  });
}

function partNumber({ query }: Call): number {
  const number = Number(query.get("partNumber"));
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
}

export function listParts({ store }: Backend, call: Call): Reply {
  const { id } = uploadOf(store, call);
  const after = Number(call.query.get("part-number-marker") ?? 0);
  const limit = limitOf(call.query, "max-parts");
  const rest = partsOf(store, id).filter((part) => part.number > after);
  const page = rest.slice(0, limit);
  return xmlReply("ListPartsResult", {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: id,
    IsTruncated: rest.length > limit,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    Part: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modified).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.size,
    })),
  });
}

/** ListMultipartUploads, on one page. */
export function listUploads({ store }: Backend, { bucket, query }: Call): Reply {
  bucketOf(store, bucket);
  const uploads = store
    .all("select * from upload where bucket = ? order by key, started, id", bucket)
    .map((row) => Upload.parse(row))
    .filter(({ key }) => key.startsWith(query.get("prefix") ?? ""));
  return xmlReply("ListMultipartUploadsResult", {
    Bucket: bucket,
    IsTruncated: false,
    Upload: uploads.map(({ id, key, started }) => ({
      Key: key,
      UploadId: id,
      Initiated: new Date(started).toISOString(),
    })),
  });
}
