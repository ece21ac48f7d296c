import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packBundle, writeResults } from "./bundle.ts";
import { digestOf } from "./checksums.ts";
import { refused } from "./failure.ts";
import type { World } from "./fetch-source.ts";
import { isPlainName, writeFiles } from "./files.ts";
import type { Git } from "./git.ts";
import type { Manifest } from "./manifest.ts";
import { fetchMerged } from "./merged.ts";
import { visible } from "./progress.ts";
import { type Entry, isFile, listBelow } from "./tree.ts";
import { upload } from "./upload.ts";

const FILES = 2000;

/** The source stage of a tree: its treefile with all that lies in its folder and below. Nothing of it is run or looked into. */
export async function fetchTree(manifest: Manifest, world: World): Promise<void> {
  const { dir, pause } = world;
  const { git, tree, epoch } = await fetchMerged(manifest, world);
  const { path } = manifest.recipe;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const files = await filesBelow(git, tree, folder);
  const sources = join(dir, "SOURCES");
  for (const place of new Set(["SPECS", ...files.map(({ name }) => dirname(join("SOURCES", name)))]))
    await mkdir(join(dir, place), { recursive: true });
  await writeFiles(git, files, { dir: sources, pause });
  const treefile = path.slice(folder.length);
  if (!files.some(({ name }) => name === treefile)) throw refused(`${visible(path)}: there is no such file.`);
  await packBundle(dir, join(dir, "bundle.tar"));
  const listed = files.slice(0, FILES).map(async ({ name }) => ({
    file: name,
    sha256: await digestOf(join(sources, name), "sha256"),
  }));
  const tool = world.tool === undefined ? {} : { tool: world.tool };
  const told = { name: manifest.recipe.name, epoch, merged: tree, ...tool };
  const text = await readFile(join(sources, treefile), "utf8");
  const facts = { ...told, sources: await Promise.all(listed) };
  const names = await writeResults(dir, text, { facts, left: [] });
  await upload(manifest.upload, { dir, names }, pause);
}

/** The regular files of a folder and of those below, by their paths in it. Hidden ones and links stay behind. */
async function filesBelow(git: Git, tree: string, folder: string): Promise<readonly Entry[]> {
  const files = (await listBelow(git, tree))
    .filter((entry) => isFile(entry) && entry.name.startsWith(folder))
    .map(({ name, ...entry }) => ({ ...entry, name: name.slice(folder.length) }))
    .filter(({ name }) => !`/${name}`.includes("/."));
  if (files.length > FILES)
    throw refused(
      `${visible(folder) || "The repository"} holds ${files.length} files; ${FILES} may be there.`,
    );
  for (const { name } of files)
    if (!name.split("/").every(isPlainName))
      throw refused(`${visible(folder + name)}: a name that cannot be a source; rename the file.`);
  return files;
}
