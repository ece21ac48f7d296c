import { open } from "node:fs/promises";
import { join } from "node:path";
import { fetchBlobs, sizesOf } from "./blobs.ts";
import { refused } from "./failure.ts";
import type { Git } from "./git.ts";
import { visible } from "./progress.ts";
import type { Pause } from "./retry.ts";
import { type Entry, isFile, pathIn, type Place } from "./tree.ts";

const BYTES = 64 * 1024 * 1024;
const FILES = 2000;

/** What of the recipe's directory goes along: its regular files, but no dot files and no other spec. */
export function filesOf({ directory, entries }: Place): readonly Entry[] {
  const files = entries.filter(
    (entry) => isFile(entry) && !entry.name.startsWith(".") && !entry.name.endsWith(".spec"),
  );
  if (files.length > FILES)
    throw refused(
      `${visible(directory) || "The top directory"} holds ${files.length} files; ${FILES} may be there.`,
    );
  for (const { name } of files)
    if (!isPlainName(name))
      throw refused(`${visible(pathIn(directory, name))}: a name that cannot be a source; rename the file.`);
  return files;
}

/** Is it what people read of a repository, and no build asks for? */
export const isPaper = (name: string): boolean => PAPER.test(name);

const PAPER = /^(?:readme|contributing|code_of_conduct|security|codeowners)(?:\.(?:md|rst|txt|adoc))?$/i;

/** May a source be called so? One visible name that no program takes for an option, a path or two lines. */
export const isPlainName = (name: string): boolean =>
  name !== "" &&
  visible(name) === name &&
  !/^[-.]|[/\\\ufffd]|^\s|\s$/u.test(name) &&
  Buffer.byteLength(name) <= 200;

/** Fetches these files in one go and writes them into `dir`. Together they stay below 64 MiB. */
export async function writeFiles(
  git: Git,
  files: readonly Entry[],
  to: { dir: string; pause: Pause },
): Promise<void> {
  const oids = files.map(({ oid }) => oid);
  await fetchBlobs(git, oids, to.pause);
  const { total, each } = await sizesOf(git, oids);
  if (!(total <= BYTES)) {
    const largest = files[each.indexOf(Math.max(...each))];
    throw refused(
      `The recipe's files are ${total} bytes; ${BYTES} may be. The largest is ${visible(largest?.name ?? "")}.`,
    );
  }
  for (const file of files) await writeBlob(git, file, to.dir);
}

async function writeBlob(git: Git, { name, kind, oid }: Entry, dir: string): Promise<void> {
  const file = await open(join(dir, name), "wx", kind === "program" ? 0o755 : 0o644);
  try {
    await git({ args: ["cat-file", "blob", oid], into: file.fd });
  } finally {
    await file.close();
  }
}
