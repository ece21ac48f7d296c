import { readServices, type Service, type Services } from "./services.ts";

/**
 * A `_service` file that asks for another version, and nothing else of it touched: the revisions, versions, addresses
 * and file names that speak of the old one. `was`: what the spec calls it.
 */
export function withServiceVersion(
  text: string,
  { was, version }: { readonly was: string; readonly version: string },
): string {
  const places = readServices(text).services.flatMap((service) =>
    service.written
      .filter(({ name }) => NAMES.has(name))
      .map(({ from, to }) => ({ from, to, old: [was, tagVersion(service)] })),
  );
  // From the end, so that what stands before keeps its place.
  return places
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, { from, to, old }) => {
      const value = renewed(now.slice(from, to), old, version);
      return now.slice(0, from) + value + now.slice(to);
    }, text);
}

/** The version that the revision of its first service speaks of. */
export const versionAsked = ({ services }: Services): string | undefined =>
  services.map(tagVersion).find((version) => version !== "");

/** Parameters that may hold a version. */
const NAMES = new Set(["revision", "version", "path", "url", "filename", "archive", "file", "srctar", "src"]);

/** The version that a revision such as `v1.2.0` speaks of: its end from the first digit on, if that looks like one. */
function tagVersion({ written }: Service): string {
  const revision = written.find(({ name }) => name === "revision")?.value ?? "";
  const at = Array.from(revision).findIndex(isDigit);
  const end = revision.slice(Math.max(0, at));
  return at >= 0 && end.includes(".") ? end : "";
}

function renewed(value: string, olds: readonly string[], version: string): string {
  const old = olds.find((one) => one !== "" && one !== "0" && standsIn(value, one));
  return old === undefined ? value : replaced(value, old, version);
}

/** Is there the whole version, and not a part of another (`1.2` in `1.2.3`, or in `11.2`)? */
const standsIn = (text: string, version: string): boolean => placeOf(text, version, 0) >= 0;

function placeOf(text: string, version: string, start: number): number {
  for (let at = text.indexOf(version, start); at >= 0; at = text.indexOf(version, at + 1)) {
    const before = text.charAt(at - 1);
    const [after, next] = [text.charAt(at + version.length), text.charAt(at + version.length + 1)];
    const isLonger = isDigit(after) || (after === "." && isDigit(next));
    const isWithin = isDigit(before) || (before === "." && isDigit(text.charAt(at - 2)));
    if (!isLonger && !isWithin) return at;
  }
  return -1;
}

function replaced(text: string, old: string, version: string): string {
  let [result, start] = ["", 0];
  for (let at = placeOf(text, old, 0); at >= 0; at = placeOf(text, old, start)) {
    result += text.slice(start, at) + version;
    start = at + old.length;
  }
  return result + text.slice(start);
}

const isDigit = (char: string): boolean => char >= "0" && char <= "9";
