import type { Arch } from "../../pipelines/run.ts";
import type { Treefile, Word } from "./treefile.ts";
import { type FileMistake, isFileMistake } from "./nodes.ts";
import { isTaken, type Variables } from "./variables.ts";
import { treefile as words } from "../words/treefile.ts";

/** What is wrong in which file. */
export interface TreeMistake extends FileMistake {
  readonly path: string;
}

/** The files of a commit by their paths, as they were read. */
export type Treefiles = ReadonlyMap<string, Treefile | FileMistake>;

/** A treefile and what it takes in on one arch, the nearest first. */
export interface Gathered {
  readonly files: readonly { readonly path: string; readonly file: Treefile }[];
  readonly variables: Variables;
}

export const FILES_MAX = 50;

interface Asked {
  readonly path: string;
  readonly from: Word;
  readonly by: string;
}

/** Follows the includes on one arch; or says which of them is wrong. */
export function gather(root: string, arch: Arch, all: Treefiles): Gathered | TreeMistake {
  const files: { path: string; file: Treefile }[] = [];
  const variables = new Map<string, string>([["basearch", arch]]);
  const waiting: Asked[] = [{ path: root, from: { text: root, line: 1 }, by: root }];
  for (let asked = waiting.shift(); asked; asked = waiting.shift()) {
    const { path } = asked;
    const file = wanted(asked, all, new Set(files.map((one) => one.path)));
    if ("sentence" in file) return file;
    files.push({ path, file });
    for (const [name, value] of variablesOf(file)) if (!variables.has(name)) variables.set(name, value);
    for (const inclusion of file.include) {
      const taken = isTaken(inclusion, arch, variables);
      if (typeof taken !== "boolean") return { path, ...taken };
      if (taken) waiting.push({ path: joined(path, inclusion.path.text), from: inclusion.path, by: path });
    }
  }
  return { files, variables };
}

const variablesOf = ({ variables, releasever }: Treefile): Variables =>
  releasever ? new Map([...variables, ["releasever", releasever.text]]) : variables;

function wanted(
  { path, from, by }: Asked,
  all: Treefiles,
  seen: ReadonlySet<string>,
): Treefile | TreeMistake {
  const told = (sentence: string): TreeMistake => ({ path: by, line: from.line, sentence });
  if (seen.has(path)) return told(words.included(path));
  if (seen.size >= FILES_MAX) return told(words.files(FILES_MAX));
  const file = all.get(path);
  if (!file) return told(words.outside(path));
  return isFileMistake(file) ? { path, ...file } : file;
}

/** A path beside a file; one that leads out of the repository names nothing that is there. */
export function joined(from: string, path: string): string {
  const parts = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return path;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
