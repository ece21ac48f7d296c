import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Bucket } from "./bucket.ts";
import type { Segment } from "./files.ts";
import { isFileKnown, type Store } from "./store.ts";
import type { Backend } from "./wire.ts";

const Words = z.record(z.string(), z.string());

/** What is stored of an object besides its bytes. */
export const Facts = z.object({
  /** Headers to answer with: `content-type`, `x-amz-meta-…`. */
  headers: Words,
  /** Base64 by algorithm. */
  checksums: Words,
  tags: Words,
});
export type Facts = z.infer<typeof Facts>;

/** Facts are kept as JSON in one column. */
export const factsColumn = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(Facts);

/** One version of an object, or a delete marker. */
export const Version = z.object({
  seq: z.int(),
  key: z.string(),
  /** `null` is the version of an object written while versioning was off. */
  version: z.string(),
  latest: z.int().transform(Boolean),
  marker: z.int().transform(Boolean),
  size: z.int(),
  /** Without its quotes. */
  etag: z.string(),
  /** Milliseconds since 1970. */
  modified: z.int(),
  facts: factsColumn,
});
export type Version = z.infer<typeof Version>;

/** The current version, also when it is a delete marker. */
export function currentOf(store: Store, bucket: string, key: string): Version | undefined {
  const row = store.one("select * from object where bucket = ? and key = ? and latest = 1", bucket, key);
  return row && Version.parse(row);
}

export function versionOf(store: Store, bucket: string, at: { key: string; version: string }) {
  const sql = "select * from object where bucket = ? and key = ? and version = ?";
  const row = store.one(sql, bucket, at.key, at.version);
  return row && Version.parse(row);
}

const SegmentRow = z.object({ file: z.string(), size: z.int() });

export const segmentsOf = (store: Store, version: Version): readonly Segment[] =>
  store
    .all("select file, size from segment where object = ? order by position", version.seq)
    .map((row) => SegmentRow.parse(row));

interface NewVersion extends Pick<Version, "key" | "size" | "etag" | "facts"> {
  readonly segments: readonly Segment[];
  readonly marker?: boolean;
}

/** Changes rows, then removes the files that it `loosened` and no row names any more. */
export function commit<T>(backend: Backend, work: (loosened: string[]) => T): T {
  const { result, free } = backend.store.atomically(() => {
    const loosened: string[] = [];
    const result = work(loosened);
    return { result, free: loosened.filter((file) => !isFileKnown(backend.store, file)) };
  });
  backend.files.drop(free);
  return result;
}

/** Commits rows for a file that was just received; without them the file goes again. */
export function commitFile<T>(backend: Backend, file: string, work: (loosened: string[]) => T): T {
  try {
    return commit(backend, work);
  } catch (error) {
    backend.files.drop([file]);
    throw error;
  }
}

/** Makes a version the current one; returns its id as the bucket's versioning has it (off: none). */
export function place(
  backend: Backend,
  { bucket, loosened }: { bucket: Bucket; loosened: string[] },
  fresh: NewVersion,
): string | undefined {
  const { store } = backend;
  const id = bucket.versioning === "Enabled" ? randomUUID().replaceAll("-", "") : "null";
  const old = versionOf(store, bucket.name, { key: fresh.key, version: id });
  if (old) erase(store, old, loosened);
  store.run(
    "update object set latest = 0 where bucket = ? and key = ? and latest = 1",
    bucket.name,
    fresh.key,
  );
  const inserted = store.one(
    `insert into object (bucket, key, version, latest, marker, size, etag, modified, facts)
     values (?, ?, ?, 1, ?, ?, ?, ?, ?) returning seq`,
    bucket.name,
    fresh.key,
    id,
    Number(fresh.marker ?? false),
    fresh.size,
    fresh.etag,
    backend.now(),
    JSON.stringify(fresh.facts),
  );
  const seq = z.object({ seq: z.int() }).parse(inserted).seq;
  for (const [position, { file, size }] of fresh.segments.entries()) {
    store.run("insert into segment values (?, ?, ?, ?)", seq, position, file, size);
  }
  return bucket.versioning === "" ? undefined : id;
}

export function erase(store: Store, version: Version, loosened: string[]): void {
  loosened.push(...segmentsOf(store, version).map((segment) => segment.file));
  store.run("delete from segment where object = ?", version.seq);
  store.run("delete from object where seq = ?", version.seq);
}

/** After the current version went, the newest that is left becomes it. */
export function promote(store: Store, bucket: string, key: string): void {
  store.run(
    `update object set latest = 1 where seq =
       (select max(seq) from object where bucket = ? and key = ?)`,
    bucket,
    key,
  );
}
