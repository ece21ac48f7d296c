import { z } from "zod";
import { Change, type ReleaseDocument, ReleasedImage, ReleasedTree } from "./release-document.ts";
import { type Run, slug } from "../run.ts";
import type { Stage } from "../stage.ts";
import { RELEASE_FILE } from "./release-document.ts";

/** What people are told of a release: its document without single packages, cut to what is read. */
const ReleaseNews = z.readonly(
  z.strictObject({
    release: z.string(),
    channel: z.string(),
    commit: z.string(),
    branch: z.string(),
    from: z.optional(z.string()),
    rollbackTo: z.optional(z.string()),
    supportUntil: z.optional(z.string()),
    previous: z.optional(z.string()),
    /** `packages`: how many. */
    targets: z.readonly(
      z.array(
        z.strictObject({ target: z.string(), repo: z.string(), pinned: z.string(), packages: z.int() }),
      ),
    ),
    /** How many there are, and the first of them. */
    imaged: z.optional(z.int()),
    images: z.optional(z.readonly(z.array(ReleasedImage))),
    trees: z.optional(z.readonly(z.array(ReleasedTree))),
    /** How many sources changed, and the first of them. */
    changed: z.int(),
    changes: z.readonly(z.array(Change)),
  }),
);
export type ReleaseNews = z.infer<typeof ReleaseNews>;

/** What was done to announce a release. Times are ISO 8601 in UTC. */
export const Announcement = z.readonly(
  z.strictObject({
    v: z.literal(1),
    run: z.string(),
    told: ReleaseNews,
    /** The GitHub Release; without an address nobody asks for one, `because` is why there is none. */
    page: z.optional(
      z.strictObject({ at: z.string(), url: z.optional(z.string()), because: z.optional(z.string()) }),
    ),
    /** When the mail was handed over. */
    mail: z.optional(z.strictObject({ at: z.string() })),
  }),
);
export type Announcement = z.infer<typeof Announcement>;

export const announcementKey = (repo: number, channel: string, number: string): string =>
  `announcements/${repo}/${slug(channel)}/${number}.json`;

/** Nights are told of on the mirror alone: people asked for the others. */
export function isAnnounced({ trigger }: Run): boolean {
  return trigger.kind === "promotion" || trigger.kind === "rollback";
}

/** The stage that told last what the release is made of. */
export function tellerOf({ stages }: Run): Stage | undefined {
  const told = stages.filter(
    ({ kind, state, files = [] }) =>
      kind === "publish" && state === "passed" && files.some(({ name }) => name === RELEASE_FILE),
  );
  return told.toSorted((a, b) => compare(a.endedAt ?? "", b.endedAt ?? "")).at(-1);
}

const CHANGES_MAX = 100;
const IMAGES_MAX = 100;
const TREES_MAX = 50;
const REMARKS_MAX = 5;
/** Characters of all that packagers wrote. */
const WRITTEN_MAX = 50_000;

export function newsOf(document: ReleaseDocument): ReleaseNews {
  const { release, channel, commit, branch, from, previous, targets, changes, images, trees } = document;
  const [rollbackTo, supportUntil] = [document["rollback-to"], document["support-until"]];
  return {
    release,
    channel,
    commit,
    branch,
    ...(from !== undefined && { from }),
    ...(rollbackTo !== undefined && { rollbackTo }),
    ...(supportUntil !== undefined && { supportUntil }),
    ...(previous !== undefined && { previous }),
    targets: targets.map(({ target, repo, packages, ...one }) => ({
      target,
      repo,
      pinned: one["pinned-repo"],
      packages: packages.length,
    })),
    ...(images && { imaged: images.length, images: images.slice(0, IMAGES_MAX) }),
    ...(trees && { trees: trees.slice(0, TREES_MAX) }),
    changed: changes.length,
    changes: shortened(changes.slice(0, CHANGES_MAX)),
  };
}

/** The first remarks of each, as long as there is room. */
function shortened(changes: readonly Change[]): readonly Change[] {
  let room = WRITTEN_MAX;
  return changes.map((change) => ({
    ...change,
    changelog: change.changelog.slice(0, REMARKS_MAX).filter(({ author, text }) => {
      room -= author.length + text.length;
      return room >= 0;
    }),
  }));
}

/** The record with this news in it; where they are other news than before, the page is to be written again. */
export function withNews(was: Announcement | undefined, run: string, told: ReleaseNews): Announcement {
  if (!was) return { v: 1, run, told };
  if (JSON.stringify(was.told) === JSON.stringify(told)) return was;
  const { page: _, ...rest } = was;
  return { ...rest, told };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
