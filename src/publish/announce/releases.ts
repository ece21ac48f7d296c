import { z } from "zod";
import {
  Change,
  type ReleaseDocument,
  ReleasedImage,
  ReleasedTree,
} from "../../pipelines/release/release-document.ts";

/** A change as the list of releases tells it: without what was written about it. */
const Brief = z.readonly(
  z.strictObject({
    kind: Change.unwrap().shape.kind,
    source: z.string(),
    from: z.optional(z.string()),
    to: z.optional(z.string()),
  }),
);

const ListedTarget = z.readonly(
  z.strictObject({
    target: z.string(),
    arches: z.readonly(z.array(z.string())),
    snapshot: z.string(),
    repo: z.string(),
    "pinned-repo": z.string(),
  }),
);

const Listed = z.readonly(
  z.strictObject({
    release: z.string(),
    at: z.string(),
    commit: z.string(),
    branch: z.string(),
    from: z.optional(z.string()),
    "rollback-to": z.optional(z.string()),
    /** The release that took its place by going back to an older one. */
    "rolled-back-by": z.optional(z.string()),
    "support-until": z.optional(z.string()),
    /** The release before it. */
    previous: z.optional(z.string()),
    /** All about it. */
    metadata: z.string(),
    targets: z.readonly(z.array(ListedTarget)),
    images: z.optional(z.readonly(z.array(ReleasedImage))),
    trees: z.optional(z.readonly(z.array(ReleasedTree))),
    /** How many sources changed, and the first of them. */
    changed: z.int(),
    changes: z.readonly(z.array(Brief)),
  }),
);
export type Listed = z.infer<typeof Listed>;

/** All releases of a channel, the newest first, as `releases.json` has them. All else that announces them is made of it. */
export const Releases = z.readonly(
  z.strictObject({
    repository: z.string(),
    channel: z.string(),
    /** The channel's public address, without a slash at the end. */
    url: z.string(),
    metadata: z.strictObject({ "last-modified": z.string() }),
    "support-until": z.optional(z.string()),
    /** As of `last-modified`; whoever reads it later compares the day. */
    "end-of-life": z.boolean(),
    releases: z.readonly(z.array(Listed)),
  }),
);
export type Releases = z.infer<typeof Releases>;

/** Changes that are told by name in the list. */
const BRIEFS_MAX = 100;

/** Where all about a release is, below the channel. */
export const documentKey = (number: string): string => `releases/${number}/release.json`;

/** The list with this release in it, in place of what it said of it before. */
export function withRelease(
  was: Releases | undefined,
  { document, url }: { readonly document: ReleaseDocument; readonly url: string },
): Releases {
  const others = was?.releases.filter(({ release }) => release !== document.release) ?? [];
  const releases = [...others, listed(document, url)].toSorted((a, b) => (a.release < b.release ? 1 : -1));
  const [newest] = releases;
  const until = newest?.["support-until"];
  const modified = [was?.metadata["last-modified"] ?? "", document.at].toSorted().at(-1) ?? document.at;
  return {
    repository: document.repository,
    channel: document.channel,
    url,
    metadata: { "last-modified": modified },
    ...(until !== undefined && { "support-until": until }),
    "end-of-life": until !== undefined && modified.slice(0, until.length) > until,
    releases: releases.map((one) => judged(one, releases)),
  };
}

function listed(document: ReleaseDocument, url: string): Listed {
  const { release, at, commit, branch, from, previous, targets, images, trees, changes } = document;
  const [of, until] = [document["rollback-to"], document["support-until"]];
  return {
    release,
    at,
    commit,
    branch,
    ...(from !== undefined && { from }),
    ...(of !== undefined && { "rollback-to": of }),
    ...(until !== undefined && { "support-until": until }),
    ...(previous !== undefined && { previous }),
    metadata: `${url}/${documentKey(release)}`,
    targets: targets.map(({ packages: _, ...target }) => target),
    ...(images && { images }),
    ...(trees && { trees }),
    changed: changes.length,
    changes: changes.slice(0, BRIEFS_MAX).map(({ targets: _t, changelog: _c, ...brief }) => brief),
  };
}

/** Was it taken back by a later release that went to one before it? */
function judged(one: Listed, all: readonly Listed[]): Listed {
  const { "rolled-back-by": _, ...plain } = one;
  const by = all.findLast((other) => {
    const to = other["rollback-to"];
    return to !== undefined && other.release > one.release && to < one.release;
  });
  return by ? { ...plain, "rolled-back-by": by.release } : plain;
}
