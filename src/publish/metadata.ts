import { link, mkdir, readFile, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Package } from "./snapshot.ts";
import type { Tools } from "./tools.ts";

/** A package on this machine that the metadata must describe anew. */
export interface Fresh {
  readonly package: Package;
  readonly local: string;
}

/** What the metadata is made of: `old` describes `kept`; `fresh` comes to it. `revision` is Unix time. */
export interface Ingredients {
  readonly kept: readonly Package[];
  readonly old: ReadonlyMap<string, Uint8Array>;
  readonly fresh: readonly Fresh[];
  readonly revision: number;
  readonly at: Date;
}

/** Lets createrepo_c write the metadata of a snapshot, by file name. Packages that the old metadata describes are not
 *  needed here: an empty file holds their place. Same ingredients, same bytes. */
export async function writeMetadata(
  tools: Tools,
  dir: string,
  { kept, old, fresh, revision, at }: Ingredients,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const tree = join(dir, "tree");
  const out = join(dir, "out");
  await Promise.all([place(join(dir, "old", "repodata"), old), mkdir(tree), mkdir(out)]);
  await place(tree, new Map(kept.map(({ path }) => [path, new Uint8Array()])));
  for (const { package: entry, local } of fresh) {
    const path = join(tree, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await link(local, path);
    // The metadata tells the time of the file.
    await utimes(path, at, at);
  }
  const pkglist = join(dir, "pkglist");
  const paths = [...kept, ...fresh.map((one) => one.package)].map(({ path }) => path).toSorted();
  await writeFile(pkglist, paths.map((path) => `${path}\n`).join(""));
  const update = ["--update", "--skip-stat", "--update-md-path", join(dir, "old")];
  const options = [
    "--quiet",
    "--error-exit-val",
    "--no-database",
    "--general-compress-type=gz",
    `--location-prefix=${UP}`,
    `--revision=${revision}`,
    "--set-timestamp-to-revision",
    `--pkglist=${pkglist}`,
    `--outputdir=${out}`,
  ];
  await tools("createrepo_c", [...options, ...(kept.length > 0 ? update : []), tree]);
  return readAll(join(out, "repodata"));
}

/** From a snapshot's directory up to its target, where the pool is. */
export const UP = "../../";

async function place(dir: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), bytes);
  }
}

async function readAll(dir: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = (await readdir(dir)).toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name))] as const)),
  );
}
