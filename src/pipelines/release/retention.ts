import { secondsBetween } from "../instant.ts";

/** A snapshot that is on the mirror; `at` is when its run was born, ISO 8601 in UTC. */
export interface Shown {
  readonly number: number;
  readonly at: string;
}

/** One target of a channel as it is on the mirror. */
export interface Shelf {
  readonly target: string;
  /** The snapshot that the pointer names. */
  readonly current: number;
  readonly snapshots: readonly Shown[];
  /** Releases, and the snapshot that each one's own pointer names. */
  readonly releases: readonly { readonly number: string; readonly snapshot: number }[];
}

/** What is known of a channel beside the mirror. */
export interface Keeping {
  readonly now: string;
  /** How long a snapshot stays after another took its place. */
  readonly days: number;
  /** Releases that committers want kept. */
  readonly pinned: ReadonlySet<string>;
  /** May releases still be asked for? Then none of them goes. */
  readonly isSupported: boolean;
}

/** Why a snapshot stays. `newer`: a publisher may be about to point to it. */
export type Reason = "current" | "newer" | "pinned" | "supported" | "recent";

/** The snapshots that stay, and why. All others may go. */
export function staying(shelf: Shelf, keeping: Keeping): ReadonlyMap<number, Reason> {
  const reasons = shelf.snapshots.map(({ number }) => [number, reasonOf(shelf, keeping, number)] as const);
  return new Map(reasons.flatMap(([number, reason]) => (reason ? [[number, reason] as const] : [])));
}

function reasonOf(shelf: Shelf, keeping: Keeping, number: number): Reason | undefined {
  if (number === shelf.current) return "current";
  if (number > shelf.current) return "newer";
  const releases = shelf.releases.filter(({ snapshot }) => snapshot === number);
  if (releases.some((release) => keeping.pinned.has(release.number))) return "pinned";
  if (keeping.isSupported && releases.length > 0) return "supported";
  return isRecent(shelf, keeping, number) ? "recent" : undefined;
}

/** People may have looked at it until the next one came, so the days count from then. */
function isRecent({ snapshots }: Shelf, { now, days }: Keeping, number: number): boolean {
  const next = snapshots
    .filter((one) => one.number > number)
    .reduce<Shown | undefined>((a, b) => (a && a.number < b.number ? a : b), undefined);
  return next === undefined || secondsBetween(next.at, now) < days * DAY;
}

const DAY = 86_400;

/** What lies below the place of one channel on the mirror: keys relative to it. */
export interface Lying {
  readonly keys: readonly string[];
  /** Directories of the pool (`<target>/pool/ab/<sha256>/`) that what stays needs. */
  readonly needed: ReadonlySet<string>;
  /** Target -> its snapshots that stay. */
  readonly staying: ReadonlyMap<string, ReadonlySet<number>>;
  /** Releases all of whose snapshots go. */
  readonly gone: ReadonlySet<string>;
}

/** In which order what goes is removed: whoever is cut off in between leaves no address that leads to half of something. */
const ORDER = ["address", "head", "metadata", "package"] as const;

/** The keys that go, in that order. */
export function goingOf(lying: Lying): readonly string[] {
  const going = Map.groupBy(lying.keys, (key) => placeOf(lying, key));
  return ORDER.flatMap((place) => going.get(place) ?? []);
}

function partsOf(key: string): readonly [string, string, string, string] {
  const [first = "", second = "", third = "", fourth = ""] = key.split("/");
  return [first, second, third, fourth];
}

/** What a key is that goes; `undefined`: it stays. */
function placeOf({ needed, staying: stays, gone }: Lying, key: string): (typeof ORDER)[number] | undefined {
  const [first, second, third, fourth] = partsOf(key);
  if (first === "releases") return gone.has(second) ? "address" : undefined;
  const kept = stays.get(first);
  if (!kept || fourth === "") return undefined;
  if (second === "pool") return needed.has(directoryOf(key)) ? undefined : "package";
  if (second !== "snapshots" || kept.has(Number(third))) return undefined;
  return key.endsWith("/repomd.xml") ? "head" : "metadata";
}

/** `<target>/pool/ab/<sha256>/` of a file in it. */
export const directoryOf = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);

/** What a channel was found to need no more, and when that was looked at. */
export interface Garbage {
  readonly at: string;
  readonly keys: readonly string[];
}

/** Only what was garbage a day ago as well goes: no publisher that counted on it lives as long. */
export function dueOf(before: Garbage | undefined, now: Garbage): readonly string[] {
  if (!before || secondsBetween(before.at, now.at) < DAY - SLACK) return [];
  const known = new Set(before.keys);
  return now.keys.filter((key) => known.has(key));
}

/** A daily schedule is not exact. */
const SLACK = 3600;
