import { secondsBetween } from "../instant.ts";
import { isNumber } from "../release/release.ts";
import type { Keeping } from "../release/retention.ts";
import { deltaEnd, objectPath } from "./names.ts";
import type { Told } from "./reach.ts";

/** A commit that stays, and of which ref. */
export interface StayingCommit {
  readonly ref: string;
  readonly commit: string;
  readonly because: "current" | "pinned" | "supported" | "recent" | "told";
}

/** The rules for commits, and those that a release is told to have which stays: it may have found nothing to change. */
export interface KeepingCommits extends Keeping {
  readonly told?: ReadonlySet<string>;
}

/** Which of a ref's commits stay, the newest first: by the same rules as snapshots. */
export function stayingCommits(
  ref: string,
  history: readonly Told[],
  rules: KeepingCommits,
): readonly StayingCommit[] {
  return history.flatMap(({ sum, version }, n) => {
    const because =
      reasonOf({ version, next: history[n - 1] }, rules) ?? (rules.told?.has(sum) ? "told" : undefined);
    return because ? [{ ref, commit: sum, because }] : [];
  });
}

function reasonOf(
  { version, next }: { readonly version: string | undefined; readonly next: Told | undefined },
  { now, days, pinned, isSupported }: Keeping,
): StayingCommit["because"] | undefined {
  if (!next) return "current";
  if (version !== undefined && pinned.has(version)) return "pinned";
  if (isSupported && version !== undefined && isNumber(version)) return "supported";
  return secondsBetween(next.at, now) < days * DAY ? "recent" : undefined;
}

const DAY = 86_400;

/** In which order objects go: whoever is cut off in between leaves no commit that leads to half of a tree. */
const ENDS = ["/superblock", ".commit", ".commitmeta", ".dirtree", ".dirmeta", ".filez"] as const;

/** The keys below `ostree/` that no staying commit leads to; `reached`: paths of the objects that they do lead to. */
export function goingObjects(
  keys: readonly string[],
  { commits, reached }: { readonly commits: ReadonlySet<string>; readonly reached: ReadonlySet<string> },
): readonly string[] {
  const heads = new Set(
    [...commits].flatMap((sum) =>
      (["commit", "commitmeta"] as const).map((kind) => ROOT + objectPath({ kind, sum })),
    ),
  );
  const going = keys.filter((key) => {
    if (key.startsWith(`${ROOT}deltas/`)) return !commits.has(deltaEnd(key.slice(ROOT.length)) ?? "");
    return key.startsWith(`${ROOT}objects/`) && !heads.has(key) && !reached.has(key.slice(ROOT.length));
  });
  const places = Map.groupBy(going, (key) => {
    const place = ENDS.findIndex((end) => key.endsWith(end));
    return place < 0 ? ENDS.length : place;
  });
  return Array.from({ length: ENDS.length + 1 }, (_, place) => places.get(place) ?? []).flat();
}

const ROOT = "ostree/";
