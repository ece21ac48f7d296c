import type { PublishedImage } from "./images.ts";
import type { Manifest } from "./manifest.ts";
import type { ReadyTree } from "./ostree/prepare-tree.ts";
import { snapshotUrl } from "./pointer.ts";
import { repoFileName } from "./repo-file.ts";
import { aboutOf } from "./show.ts";
import { numbered } from "./snapshot.ts";
import type { Brought } from "./step.ts";

/** What was published, as `published.json` tells it. Paths are below the channel's address. */
export interface Published {
  readonly channel: string;
  readonly targets: readonly PublishedTarget[];
  readonly trees?: readonly PublishedTree[];
  readonly images?: readonly PublishedImage[];
  readonly key: { readonly fingerprint: string };
}

export interface PublishedTarget {
  readonly target: string;
  readonly snapshot: string;
  /** The snapshot's own address, and that of the repository file for clients. */
  readonly url: string;
  readonly repo: string;
  /** The address of the repository file that stays with this release. */
  readonly pinned?: string;
  readonly packages: readonly {
    readonly nevra: string;
    readonly name: string;
    readonly file: string;
    /** Digest as built. */
    readonly unsigned: string;
    /** Digest and bytes as signed. */
    readonly sha256: string;
    readonly size: number;
    readonly path: string;
  }[];
}

/** A commit that a ref leads to now, and the address of the repository. */
export interface PublishedTree {
  readonly ref: string;
  readonly commit: string;
  readonly url: string;
  /** How many objects were new; none: it was published before. */
  readonly fresh: number;
  /** The commits that a static delta leads from. */
  readonly deltas: readonly string[];
  /** The commit that was composed, where others were published meanwhile: this one is the same tree, made to follow them. */
  readonly composed?: string;
}

export const publishedTree = (
  { mirror }: Manifest,
  { ref, commit, fresh, deltas, composed }: ReadyTree,
): PublishedTree => ({
  ref,
  commit: commit.sum,
  url: `${mirror.url}/ostree`,
  fresh,
  deltas: deltas.map(({ from }) => from),
  ...(composed !== undefined && { composed }),
});

/** Tells of one target what `packages` are now at its snapshot `number`. */
export function publishedTarget(
  manifest: Manifest,
  target: string,
  { number, packages }: Brought,
): PublishedTarget {
  const { mirror, release } = manifest;
  const about = { ...aboutOf(manifest), target };
  const pinned = release && `${mirror.url}/${repoFileName({ ...about, release: release.number })}`;
  return {
    target,
    snapshot: numbered(number),
    url: snapshotUrl(mirror.url, target, number),
    repo: `${mirror.url}/${repoFileName(about)}`,
    ...(pinned && { pinned }),
    packages: packages.map(({ nevra, name, file, unsigned, sha256, size, path }) => ({
      nevra,
      name,
      file,
      unsigned,
      sha256,
      size,
      path: `${target}/${path}`,
    })),
  };
}
