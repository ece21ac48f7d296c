import { z } from "zod";
import { encodePath } from "./address.ts";
import { bucketOf } from "./bucket.ts";
import { invalidArgument, notImplemented } from "./refusal.ts";
import type { Store } from "./store.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { xmlReply } from "./xml.ts";

const Entry = z.object({ key: z.string(), size: z.int(), etag: z.string(), modified: z.int() });
type Entry = z.infer<typeof Entry>;

interface Page {
  readonly entries: readonly Entry[];
  readonly prefixes: readonly string[];
  /** Where the next page begins, inclusive; none: this is the last one. */
  readonly next: string | undefined;
}

interface Wish {
  readonly prefix: string;
  readonly delimiter: string;
  /** The first key that may be listed. */
  readonly from: string;
  readonly limit: number;
}

/** ListObjectsV2: current objects in the order of their keys' UTF-8 bytes, rolled up at the delimiter. */
export function listObjects(backend: Backend, { bucket, query }: Call): Reply {
  if (query.get("list-type") !== "2") throw notImplemented("ListObjects; use ListObjectsV2 (list-type=2)");
  bucketOf(backend.store, bucket);
  const { prefix, delimiter } = {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
  };
  const token = query.get("continuation-token");
  const after = query.get("start-after");
  const from = token === null ? (after === null ? "" : `${after}\0`) : decodeToken(token);
  const limit = limitOf(query, "max-keys");
  const page = collect(backend.store, bucket, { prefix, delimiter, from, limit });
  const shown = keyEncoder(query);
  return xmlReply("ListBucketResult", {
    Name: bucket,
    Prefix: shown(prefix),
    MaxKeys: limit,
    KeyCount: page.entries.length + page.prefixes.length,
    IsTruncated: page.next !== undefined,
    ...(delimiter === "" ? {} : { Delimiter: shown(delimiter) }),
    ...(after === null ? {} : { StartAfter: shown(after) }),
    ...(token === null ? {} : { ContinuationToken: token }),
    ...(page.next === undefined ? {} : { NextContinuationToken: encodeToken(page.next) }),
    ...(query.has("encoding-type") ? { EncodingType: "url" } : {}),
    Contents: page.entries.map((entry) => ({
      Key: shown(entry.key),
      LastModified: new Date(entry.modified).toISOString(),
      ETag: `"${entry.etag}"`,
      Size: entry.size,
      StorageClass: "STANDARD",
    })),
    CommonPrefixes: page.prefixes.map((common) => ({ Prefix: shown(common) })),
  });
}

function collect(store: Store, bucket: string, wish: Wish): Page {
  const entries: Entry[] = [];
  const prefixes: string[] = [];
  const { prefix, delimiter, limit } = wish;
  let from = wish.from;
  for (;;) {
    const entry = nextEntry(store, bucket, { from, prefix });
    if (!entry?.key.startsWith(prefix)) return { entries, prefixes, next: undefined };
    if (entries.length + prefixes.length >= limit)
      return { entries, prefixes, next: limit > 0 ? from : undefined };
    const cut = delimiter === "" ? -1 : entry.key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      entries.push(entry);
      from = `${entry.key}\0`;
    } else {
      const common = entry.key.slice(0, cut + delimiter.length);
      prefixes.push(common);
      const beyond = afterAll(common);
      if (beyond === undefined) return { entries, prefixes, next: undefined };
      from = beyond;
    }
  }
}

function nextEntry(store: Store, bucket: string, at: Pick<Wish, "from" | "prefix">): Entry | undefined {
  const row = store.one(
    `select key, size, etag, modified from object
     where bucket = ? and latest = 1 and marker = 0 and key >= max(?, ?) order by key limit 1`,
    bucket,
    at.from,
    at.prefix,
  );
  return row && Entry.parse(row);
}

/** The smallest text that comes after all that begin with `prefix`, by UTF-8 bytes. */
function afterAll(prefix: string): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are no characters of their own.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

export function limitOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? "1000";
  if (!/^\d{1,9}$/.test(text))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`);
  return Math.min(1000, Number(text));
}

/** Keys may hold what XML cannot; a reader then asks for them percent-encoded. */
export const keyEncoder = (query: URLSearchParams): ((key: string) => string) =>
  query.get("encoding-type") === "url" ? encodePath : (key) => key;

const encodeToken = (from: string): string => Buffer.from(from).toString("base64url");
const decodeToken = (token: string): string => Buffer.from(token, "base64url").toString();
