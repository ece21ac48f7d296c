import { changesBetween } from "../../pipelines/release/release-changes.ts";
import type {
  ReleaseDocument,
  ReleasedImage,
  ReleasedTarget,
  ReleasedTree,
  Remark,
} from "../../pipelines/release/release-document.ts";
import type { Manifest, Release } from "../manifest.ts";

/** What a publish stage knows of a release by itself: what it brought for each target. */
export interface ReleaseContent {
  readonly targets: readonly ReleasedTarget[];
  readonly changelogs: Readonly<Record<string, readonly Remark[]>>;
  readonly images?: readonly ReleasedImage[];
  readonly trees?: readonly ReleasedTree[];
}

/** What else there is to know: what this release was told to be before, the release whose content it brings back, and the
 *  one that came before it in the channel. */
export interface Known {
  readonly was?: ReleaseDocument | undefined;
  readonly of?: ReleaseDocument | undefined;
  readonly previous?: ReleaseDocument | undefined;
}

/** All of a release. What was told of it stays: a late arch comes to it, and nothing is taken from it. */
export function documentOf(
  manifest: Pick<Manifest, "repo" | "channel" | "at"> & { readonly release: Release },
  brought: ReleaseContent,
  { was, of, previous }: Known,
): ReleaseDocument {
  const { repo, channel, at, release } = manifest;
  const content = of ? restored(brought, of) : brought;
  const targets = together(was?.targets ?? [], content.targets);
  const changelogs = sorted({ ...content.changelogs, ...was?.changelogs });
  return {
    release: release.number,
    repository: `${repo.owner}/${repo.name}`,
    channel,
    at,
    ...originOf(release),
    ...(previous && { previous: previous.release }),
    targets,
    ...imagesAndTrees(content, { was, previous }),
    changes: changesBetween(previous, { targets, changelogs }),
    changelogs,
  };
}

/** A tree that did not change is told of as the release before told of it. */
function imagesAndTrees(content: ReleaseContent, { was, previous }: Pick<Known, "was" | "previous">) {
  const images = united([...(was?.images ?? []), ...(content.images ?? [])], ({ location }) => location);
  const before = (was ?? previous)?.trees ?? [];
  const trees = united([...before, ...(content.trees ?? [])], ({ ref }) => ref);
  return { ...(images.length > 0 && { images }), ...(trees.length > 0 && { trees }) };
}

const originOf = ({ sha, branch, from, of, supportUntil }: Release) => ({
  commit: sha,
  branch,
  ...(from !== undefined && { from }),
  ...(of !== undefined && { "rollback-to": of }),
  ...(supportUntil !== undefined && { "support-until": supportUntil }),
});

/** What an older release had, at the addresses where it is now. A tree comes back as a commit of its own. */
const restored = ({ targets, trees = [] }: ReleaseContent, of: ReleaseDocument): ReleaseContent => ({
  targets: targets.map((one) => {
    const old = of.targets.find(({ target }) => target === one.target);
    return old ? { ...one, arches: old.arches, packages: old.packages } : one;
  }),
  changelogs: of.changelogs,
  images: of.images ?? [],
  trees,
});

/** Of those with the same name the last, in the order of names. */
const united = <T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] =>
  [...new Map(all.map((one) => [nameOf(one), one])).values()].toSorted((a, b) =>
    compare(nameOf(a), nameOf(b)),
  );

function together(was: readonly ReleasedTarget[], now: readonly ReleasedTarget[]): readonly ReleasedTarget[] {
  const byTarget = Map.groupBy([...was, ...now], ({ target }) => target);
  return [...byTarget.values()]
    .flatMap((all) => {
      // Addresses of snapshots of one target sort as their numbers do: the newest has what the others have.
      const newest = all.toSorted((a, b) => compare(b.snapshot, a.snapshot))[0];
      const packages = new Map(all.flatMap((one) => one.packages.map((it) => [it.location, it] as const)));
      return newest
        ? [
            {
              ...newest,
              arches: [...new Set(all.flatMap(({ arches }) => arches))].toSorted(),
              packages: [...packages.values()].toSorted((a, b) => compare(orderOf(a), orderOf(b))),
            },
          ]
        : [];
    })
    .toSorted((a, b) => compare(a.target, b.target));
}

const orderOf = ({ name, arch, location }: ReleasedTarget["packages"][number]): string =>
  [name, arch, location].join(" ");

const sorted = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compare(a, b)));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
