import { noSuchKey, notImplemented, refusal } from "./refusal.ts";
import type { Version } from "./versions.ts";

type Headers = Readonly<Record<string, string>>;

function preconditionFailed(condition: string): Error {
  const message = "At least one of the pre-conditions you specified did not hold";
  return refusal(412, "PreconditionFailed", { message, details: { Condition: condition } });
}

/** Does a list of ETags (or `*`) name this one? */
const names = (list: string, etag: string): boolean =>
  list.trim() === "*" ||
  list.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === etag);

/** Holds a write or a delete to `If-None-Match: *` and `If-Match`, against the current version. */
export function checkWrite(headers: Headers, current: Version | undefined, key: string): void {
  const none = headers["if-none-match"];
  const match = headers["if-match"];
  const there = current && !current.marker ? current : undefined;
  if (none !== undefined && none !== "*") throw notImplemented("If-None-Match with an ETag on a write");
  if (none !== undefined && there) throw preconditionFailed("If-None-Match");
  if (match === undefined) return;
  if (!there) throw noSuchKey(key);
  if (!names(match, there.etag)) throw preconditionFailed("If-Match");
}

/** Holds a read to its conditions in the order of RFC 9110; `true`: what the reader has is still good. */
export function isUnchanged(headers: Headers, version: Version): boolean {
  const modified = Math.floor(version.modified / 1000) * 1000;
  const match = headers["if-match"];
  if (match !== undefined && !names(match, version.etag)) throw preconditionFailed("If-Match");
  if (match === undefined && modified > timeOf(headers["if-unmodified-since"])) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const none = headers["if-none-match"];
  if (none !== undefined) return names(none, version.etag);
  return modified <= timeOf(headers["if-modified-since"]);
}

/** Holds the source of a copy to its conditions. */
export function checkSource(headers: Headers, source: Version): void {
  const prefix = "x-amz-copy-source-";
  const inner = Object.entries(headers).filter(([name]) => name.startsWith(`${prefix}if-`));
  const own = Object.fromEntries(inner.map(([name, value]) => [name.slice(prefix.length), value]));
  if (isUnchanged(own, source)) throw preconditionFailed("If-None-Match");
}

/** Is the range still meant for these bytes (`If-Range`)? */
export function isRangeMeant(headers: Headers, version: Version): boolean {
  const condition = headers["if-range"];
  if (condition === undefined) return true;
  if (condition.includes('"')) return names(condition, version.etag);
  return Math.floor(version.modified / 1000) * 1000 <= timeOf(condition);
}

/** Comparisons with NaN are false: a date that is absent or broken sets no condition. */
const timeOf = (date: string | undefined): number => (date === undefined ? Number.NaN : Date.parse(date));
