import { mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readDescription } from "../pipelines/kiwi/description.ts";
import { includedPaths } from "../pipelines/kiwi/include.ts";
import { refused } from "./failure.ts";
import { writeFiles } from "./files.ts";
import type { Git } from "./git.ts";
import { visible } from "./progress.ts";
import type { Pause } from "./retry.ts";
import { type Entry, listBelow } from "./tree.ts";

/** Where a bundle holds what an image is made of; the description is its `config.xml`. */
export const DESCRIPTION = "description";

const FILES = 5000;

interface Of {
  readonly tree: string;
  /** Path of the description in the repository. */
  readonly path: string;
  readonly dir: string;
  readonly pause: Pause;
}

/** Lays out an image's files in `description`, with their modes and links, and gives the description's text. */
export async function collectImage(git: Git, { tree, path, dir, pause }: Of): Promise<string> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const below = await listBelow(git, folder === "" ? tree : `${tree}:${folder}`);
  const files = below.filter((entry) => belongs(entry.name, { name, isTop: folder === "" }));
  check(files, { path, name });
  const into = join(dir, DESCRIPTION);
  for (const place of new Set(files.map((file) => dirname(join(into, file.name)))))
    await mkdir(place, { recursive: true });
  await writeFiles(git, files, { dir: into, pause });
  const text = await readFile(join(into, name), "utf8");
  await checkParts(into, { path, text });
  await rename(join(into, name), join(into, "config.xml"));
  // Last, so that nothing is written where one leads.
  for (const link of files.filter(({ kind }) => kind === "symlink")) await makeLink(join(into, link.name));
  return text;
}

/** At the top of a repository only the files there and `root` are the image's; elsewhere all but other recipes. */
function belongs(file: string, { name, isTop }: { readonly name: string; readonly isTop: boolean }): boolean {
  const [first = "", ...rest] = file.split("/");
  if (rest.length > 0) return !first.startsWith(".") && (!isTop || first === "root");
  return file === name || !(first.startsWith(".") || first.endsWith(".spec") || first === "config.xml");
}

function check(files: readonly Entry[], { path, name }: { readonly path: string; readonly name: string }) {
  if (!files.some((file) => file.name === name && (file.kind === "file" || file.kind === "program")))
    throw refused(`${visible(path)}: there is no such file.`);
  if (files.length > FILES)
    throw refused(`Beside ${visible(path)} are ${files.length} files; ${FILES} may be there.`);
  for (const { name, kind } of files) {
    if (kind === "submodule")
      throw refused(`${visible(name)} is a submodule; put its files there themselves.`);
    if (visible(name) !== name)
      throw refused(`${visible(name)}: a name that cannot be read; rename the file.`);
  }
}

/** Is the description one, and so are all of its parts? kiwi would tell it late, and without a line. */
async function checkParts(dir: string, { path, text }: { readonly path: string; readonly text: string }) {
  const description = readDescription(text);
  const shown = visible(path);
  if ("sentence" in description) throw refused(`${shown}:${description.line}: ${description.sentence}`);
  const parts = includedPaths("", description.includes);
  if ("sentence" in parts) throw refused(`${shown}:${parts.line}: ${parts.sentence}`);
  for (const { path: part, line } of parts) {
    const text = await readFile(join(dir, part), "utf8").catch((): undefined => undefined);
    if (text === undefined) throw refused(`${shown}:${line}: ${visible(part)} is not there.`);
    const read = readDescription(text, "part");
    if ("sentence" in read) throw refused(`${visible(part)}:${read.line}: ${read.sentence}`);
  }
}

/** Git keeps of a link where it leads, as a file. */
async function makeLink(path: string): Promise<void> {
  const to = await readFile(path, "utf8");
  await rm(path);
  await symlink(to, path);
}
