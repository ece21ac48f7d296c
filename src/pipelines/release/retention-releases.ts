import { z } from "zod";
import { secondsBetween } from "../instant.ts";
import { isNumber } from "./release.ts";
import type { Keeping, Reason } from "./retention.ts";

/** What of the list of releases (`releases.json`, the newest first) tells what they need. */
export const ReleasesThere = z.object({
  releases: z.array(
    z.object({
      release: z.string(),
      at: z.string(),
      images: z.optional(z.array(z.object({ location: z.string() }))),
      trees: z.optional(z.array(z.object({ commit: z.string() }))),
    }),
  ),
});
type ReleaseThere = z.infer<typeof ReleasesThere>["releases"][number];

/** The releases that stay, by the same rules as snapshots. */
export function stayingReleases(
  releases: readonly ReleaseThere[],
  keeping: Keeping,
): readonly (ReleaseThere & { readonly because: Reason })[] {
  return releases.flatMap((one, n) => {
    const because = reasonOf(one, releases[n - 1], keeping);
    return because ? [{ ...one, because }] : [];
  });
}

function reasonOf(
  { release }: ReleaseThere,
  next: ReleaseThere | undefined,
  { now, days, pinned, isSupported }: Keeping,
): Reason | undefined {
  if (!next) return "current";
  if (pinned.has(release)) return "pinned";
  if (isSupported) return "supported";
  return secondsBetween(next.at, now) < days * DAY ? "recent" : undefined;
}

const DAY = 86_400;
const IMAGES = "images/";

/**
 * The keys of images that no staying release needs: a rollback needs those of the release that it brought back. What lies
 * under a number that is not told of may be on its way, and stays. Images without releases lie under the time of their
 * run: of these the newest stays, and those before it for as many days.
 */
export function goingImages(
  keys: readonly string[],
  releases: readonly ReleaseThere[],
  keeping: Keeping,
): readonly string[] {
  const images = keys.filter((key) => key.startsWith(IMAGES));
  const needed = new Set(
    stayingReleases(releases, keeping).flatMap((one) =>
      (one.images ?? []).map(({ location }) => folderIn(location)),
    ),
  );
  const told = new Set(releases.map(({ release }) => release));
  const times = [...new Set(images.map(folderOf))].filter(isTime).toSorted();
  return images.filter((key) => {
    const folder = folderOf(key);
    if (isNumber(folder)) return told.has(folder) && !needed.has(folder);
    if (!isTime(folder)) return false;
    const next = times[times.indexOf(folder) + 1];
    return next !== undefined && secondsBetween(instantOf(next), keeping.now) >= keeping.days * DAY;
  });
}

const folderOf = (key: string): string => key.slice(IMAGES.length).split("/")[0] ?? "";

/** An address ends in `images/<folder>/<file>`. */
const folderIn = (location: string): string => location.split("/").at(-2) ?? "";

/** `20261120T010203Z`. */
const isTime = (folder: string): boolean =>
  folder.length === "20261120T010203Z".length && folder[8] === "T" && folder.endsWith("Z");

const instantOf = (folder: string): string =>
  `${folder.slice(0, 4)}-${folder.slice(4, 6)}-${folder.slice(6, 11)}:${folder.slice(11, 13)}:${folder.slice(13)}`;
