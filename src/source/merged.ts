import { createRepository, type Git } from "./git.ts";
import type { Manifest } from "./manifest.ts";
import { fetchCommits, mergeCommits } from "./merge.ts";
import type { Say } from "./progress.ts";
import type { Pause } from "./retry.ts";

/** The tree that is built: the head, or the head merged into its base; and the time of its commit, in seconds. */
export interface Merged {
  readonly git: Git;
  readonly tree: string;
  readonly epoch: number;
}

/** Fetches the commits of a manifest into an empty repository and merges them. */
export async function fetchMerged(
  manifest: Manifest,
  { dir, say, pause }: { readonly dir: string; readonly say: Say; readonly pause: Pause },
): Promise<Merged> {
  const git = await createRepository(dir, manifest.repo);
  say(`fetching ${manifest.head}${manifest.base ? ` and its base ${manifest.base}` : ""}`);
  await fetchCommits(git, manifest, pause);
  const { tree, epoch } = await mergeCommits(git, manifest, pause);
  say(`${manifest.base ? "merged into" : "it is"} tree ${tree}`);
  return { git, tree, epoch };
}
