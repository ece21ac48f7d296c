import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commitShape, treeShape } from "../../pipelines/ostree/shapes.ts";
import { objectPath } from "../../pipelines/ostree/names.ts";
import type { ObjectName } from "../../pipelines/ostree/names.ts";

/** A repository in a directory. `archive` keeps files as a mirror has them, `bare-user-only` keeps them as they are. */
export interface LocalRepository {
  readonly dir: string;
  readonly mode: "archive" | "bare-user-only";
}

/** Opens a repository of a mode whose content we can read without more than Node. */
export async function localRepository(dir: string): Promise<LocalRepository> {
  const config = await readFile(join(dir, "config"), "utf8");
  const mode = /^mode=(.*)$/m.exec(config)?.[1]?.trim();
  if (mode === "archive" || mode === "archive-z2") return { dir, mode: "archive" };
  if (mode === "bare-user-only") return { dir, mode };
  throw new Error(`${dir} is a repository of mode ${mode}; make it with --mode=archive or bare-user-only.`);
}

/** The bytes of a commit, tree or folder's rights, if they are there and what their name says. */
export function readMetadata({ dir }: LocalRepository, name: ObjectName): Buffer | undefined {
  const path = objectPath(name);
  const bytes = readIfThere(`${dir}/${path}`);
  if (bytes && hash("sha256", bytes) !== name.sum) throw new Error(`${path} is not what its name says.`);
  return bytes;
}

/** At once: they are small and many, and waiting for each costs more than reading it. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A commit as far as publishing asks. Checksums in hex; `at`: when it was made. */
export interface Commit {
  readonly sum: string;
  readonly bytes: Buffer;
  readonly metadata: ReadonlyMap<string, { readonly type: string; readonly data: Buffer }>;
  readonly parent: string | undefined;
  readonly at: Date;
  readonly tree: string;
  readonly rights: string;
}

export function readCommit(repository: LocalRepository, sum: string): Commit | undefined {
  const bytes = readMetadata(repository, { kind: "commit", sum });
  return bytes && commitOf(sum, bytes);
}

export function commitOf(sum: string, bytes: Buffer): Commit {
  const [metadata, parent, , , , seconds, tree, rights] = commitShape.read(bytes);
  return {
    sum,
    bytes,
    metadata: new Map(metadata),
    parent: parent.length === 0 ? undefined : parent.toString("hex"),
    at: new Date(Number(seconds) * 1000),
    tree: tree.toString("hex"),
    rights: rights.toString("hex"),
  };
}

/** A folder: its files by name, and its folders, with checksums in hex. */
export interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, { readonly tree: string; readonly rights: string }>;
}

export function readTree(repository: LocalRepository, sum: string): Tree | undefined {
  const bytes = readMetadata(repository, { kind: "dirtree", sum });
  return bytes && folderOf(bytes);
}

/** A folder of the bytes that it is kept as. */
export function folderOf(bytes: Buffer): Tree {
  const [files, folders] = treeShape.read(bytes);
  return {
    files: new Map(files.map(([name, file]) => [name, file.toString("hex")])),
    folders: new Map(
      folders.map(([name, tree, rights]) => [
        name,
        { tree: tree.toString("hex"), rights: rights.toString("hex") },
      ]),
    ),
  };
}
