import type { RepoRef } from "../../bot/events.ts";
import { findAll } from "../../bot/work/recipes.ts";
import { isForeignTree, readTreefile } from "../../bot/treefile/treefile.ts";
import { FILES_MAX, joined, type Treefiles } from "../../bot/treefile/includes.ts";
import type { GitHub } from "../../ports-github.ts";

/** The treefiles of a commit: those that are recipes, and all that they include. */
export interface FoundTrees {
  readonly roots: ReadonlySet<string>;
  readonly files: Treefiles;
}

interface Commit {
  readonly repo: RepoRef;
  readonly sha: string;
  readonly paths: readonly string[];
}

/** Reads the treefiles of a commit; what another one includes is none of its own, and a `manifest.yaml` may be anybody's. */
export async function readTreefiles(
  github: Pick<GitHub, "file">,
  { repo, sha, paths }: Commit,
): Promise<FoundTrees> {
  const known = new Set(paths);
  const files = new Map<string, ReturnType<typeof readTreefile>>();
  const roots = new Set<string>();
  const parts = new Set<string>();
  let waiting: readonly string[] = findAll(paths).treefiles.slice(0, FILES_MAX);
  const first = new Set(waiting);
  while (waiting.length > 0) {
    const texts = await Promise.all(
      waiting.map(async (path) => [path, (await github.file(repo, path, sha)) ?? ""] as const),
    );
    const wanted = new Set<string>();
    for (const [path, text] of texts) {
      if (first.has(path) && isForeignTree(text)) continue;
      if (first.has(path)) roots.add(path);
      const file = readTreefile(text);
      files.set(path, file);
      for (const one of "sentence" in file ? [] : file.include) wanted.add(joined(path, one.path.text));
    }
    for (const path of wanted) parts.add(path);
    waiting = [...wanted]
      .filter((path) => known.has(path) && !files.has(path))
      .slice(0, Math.max(0, FILES_MAX - files.size));
  }
  return { roots: new Set([...roots].filter((path) => !parts.has(path))), files };
}
