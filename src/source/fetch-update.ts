import { copyFile, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FACTS, SUMS } from "../pipelines/results.ts";
import { isMadeName, MADE, type Made, MADE_BYTES, MADE_FILES } from "../pipelines/service/update-made.ts";
import { digestOf } from "./checksums.ts";
import { refused } from "./failure.ts";
import type { World } from "./fetch-source.ts";
import { filesOf, isPlainName, writeFiles } from "./files.ts";
import type { Manifest } from "./manifest.ts";
import { fetchMerged } from "./merged.ts";
import { visible } from "./progress.ts";
import { runUpdate } from "./run-update.ts";
import { openShelf } from "./shelf.ts";
import { findSpec } from "./tree.ts";
import { upload } from "./upload.ts";

/** The source stage of an update: runs the services that are for updates, and uploads the files that they changed. */
export async function fetchUpdate(manifest: Manifest, world: World): Promise<void> {
  const { dir, say, pause } = world;
  const { git, tree, epoch } = await fetchMerged(manifest, world);
  const place = await findSpec(git, tree, manifest.recipe);
  const [specs, sources] = [join(dir, "SPECS"), join(dir, "SOURCES")];
  await Promise.all([specs, sources].map((path) => mkdir(path)));
  await writeFiles(git, [place.spec], { dir: specs, pause });
  await writeFiles(git, filesOf(place), { dir: sources, pause });
  const was = await digestsIn([specs, sources]);
  const net = { ...world, hosts: manifest.hosts };
  const table = { dir, net, shelf: openShelf(dir, manifest.known ?? [], say), say };
  await runUpdate({ place, table, before: manifest.update ?? { spec: "" } });
  const made = await madeOf(dir, was, await digestsIn([specs, sources]));
  for (const { name } of made.files) say(`${visible(name)} is new, or changed`);
  await writeFile(join(dir, MADE), JSON.stringify(made));
  await writeFile(join(dir, FACTS), JSON.stringify({ name: manifest.recipe.name, epoch, merged: tree }));
  const names = [MADE, FACTS, ...made.files.map(({ content }) => content)];
  const sums = names.map(async (name) => `${await digestOf(join(dir, name), "sha256")}  ${name}\n`);
  await writeFile(join(dir, SUMS), (await Promise.all(sums)).join(""));
  await upload(manifest.upload, { dir, names: [...names, SUMS] }, pause);
}

interface Lying {
  readonly path: string;
  readonly sha256: string;
}

async function digestsIn(dirs: readonly string[]): Promise<ReadonlyMap<string, Lying>> {
  const all = dirs.map(async (dir) =>
    Promise.all(
      (await readdir(dir)).toSorted().map(async (name) => {
        const path = join(dir, name);
        return [name, { path, sha256: await digestOf(path, "sha256") }] as const;
      }),
    ),
  );
  return new Map((await Promise.all(all)).flat());
}

/** What differs, copied aside under plain names. What is too much for a commit is refused. */
async function madeOf(
  dir: string,
  was: ReadonlyMap<string, Lying>,
  now: ReadonlyMap<string, Lying>,
): Promise<Made> {
  const changed = [...now].filter(([name, { sha256 }]) => was.get(name)?.sha256 !== sha256);
  const gone = [...was.keys()].filter((name) => !now.has(name));
  const strange = [...changed.map(([name]) => name), ...gone].find((name) => !isCommitted(name));
  if (strange !== undefined)
    throw refused(`${visible(strange)}: a name that is not committed; run the services yourself.`);
  if (changed.length > MADE_FILES || gone.length > MADE_FILES)
    throw refused(
      `The services changed ${changed.length + gone.length} files; ${MADE_FILES} are committed at most.`,
    );
  const sizes = await Promise.all(changed.map(async ([, { path }]) => (await stat(path)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > MADE_BYTES)
    throw refused(
      `The services made ${total} bytes; ${MADE_BYTES} are committed at most. Commit them yourself.`,
    );
  const files = changed.map(([name, { path }], at) => ({ name, path, content: `file-${at}` }));
  for (const { path, content } of files) await copyFile(path, join(dir, content));
  return { v: 1, files: files.map(({ name, content }) => ({ name, content })), gone };
}

const isCommitted = (name: string): boolean => isPlainName(name) && isMadeName(name);
