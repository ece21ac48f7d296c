import { bucketOf } from "./bucket.ts";
import { isRangeMeant, isUnchanged } from "./conditions.ts";
import { checksumHeaders } from "./facts.ts";
import type { Range } from "./files.ts";
import { versionHeader } from "./objects.ts";
import { noSuchKey, notImplemented, refusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { currentOf, segmentsOf, type Version, versionOf } from "./versions.ts";
import type { Backend, Call, Reply } from "./wire.ts";

/** GET and HEAD of an object: conditions, then the range. */
export function getObject(backend: Backend, call: Call): Reply {
  if (call.query.has("partNumber")) throw notImplemented("reading single parts");
  const bucket = bucketOf(backend.store, call.bucket);
  const version = readable(backend.store, call);
  const headers: Record<string, string> = {
    ...version.facts.headers,
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.modified).toUTCString(),
    "accept-ranges": "bytes",
    ...versionHeader(bucket.versioning === "" ? undefined : version.version),
    ...tagCount(version),
  };
  if (isUnchanged(call.headers, version)) return { status: 304, headers };
  const asked = isRangeMeant(call.headers, version) ? call.headers["range"] : undefined;
  const range = rangeOf(asked, version.size);
  const whole = { start: 0, end: version.size - 1 };
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...overrides(call.query),
      ...(range ? contentRange(range, version.size) : checksumsIfAsked(call, version)),
      "content-length": String(length(range ?? whole)),
    },
    ...(call.method === "HEAD" || version.size === 0
      ? {}
      : { body: backend.files.read(segmentsOf(backend.store, version), range ?? whole) }),
  };
}

/** The version that a request names, or the current one; a delete marker is not readable. */
export function readable(store: Store, call: Pick<Call, "bucket" | "key" | "query">): Version {
  const { bucket, key } = call;
  const wanted = call.query.get("versionId");
  const version =
    wanted === null ? currentOf(store, bucket, key) : versionOf(store, bucket, { key, version: wanted });
  if (!version && wanted !== null) throw refusal(404, "NoSuchVersion", { details: { Key: key } });
  if (version?.marker && wanted !== null) throw refusal(405, "MethodNotAllowed");
  if (!version || version.marker) throw noSuchKey(key);
  return version;
}

const length = ({ start, end }: Range): number => end - start + 1;

const contentRange = (range: Range, size: number): Record<string, string> => ({
  "content-range": `bytes ${range.start}-${range.end}/${size}`,
});

const checksumsIfAsked = (call: Call, version: Version): Record<string, string> =>
  call.headers["x-amz-checksum-mode"] === "ENABLED" ? checksumHeaders(version.facts) : {};

function tagCount({ facts }: Version): Record<string, string> {
  const count = Object.keys(facts.tags).length;
  return count === 0 ? {} : { "x-amz-tagging-count": String(count) };
}

/** `response-content-disposition` and its like in a signed query replace what is stored. */
const overrides = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith("response-"))
      .map(([name, value]) => [name.slice("response-".length), value]),
  );

/** One range of bytes; several at once, or nonsense, mean the whole object, as on S3. */
function rangeOf(header: string | undefined, size: number): Range | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  const range = first ? rangeFrom(Number(first), last, size) : suffixOf(last, size);
  if (!range || range.start < size) return range;
  throw refusal(416, "InvalidRange", {
    message: "The requested range is not satisfiable",
    details: { RangeRequested: header ?? "", ActualObjectSize: String(size) },
  });
}

function rangeFrom(start: number, last: string | undefined, size: number): Range | undefined {
  const end = last ? Number(last) : size - 1;
  const isBackwards = Boolean(last) && end < start;
  return isBackwards ? undefined : { start, end: Math.min(end, size - 1) };
}

const suffixOf = (length: string | undefined, size: number): Range | undefined =>
  length ? { start: Math.max(0, size - Number(length)), end: size - 1 } : undefined;
