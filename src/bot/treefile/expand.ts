import type { Arch } from "../../pipelines/run.ts";
import type { Treefile, Word } from "./treefile.ts";
import { gather, type TreeMistake, type Treefiles } from "./includes.ts";
import { filled, type Variables } from "./variables.ts";
import { treefile as words } from "../words/treefile.ts";

/** A tree that is composed on one arch: what rpm-ostree's includes, variables and conditions come to. */
export interface ExpandedTree {
  readonly ref: string;
  readonly repos: readonly string[];
  readonly packages: readonly string[];
}

const REF_MAX = 200;

/** A treefile on one arch, with all that it includes; or what is wrong, in which file. What a file says itself goes before
 *  what it includes, and lists come together. */
export function expandTree(
  path: string,
  { arch, files: all }: { readonly arch: Arch; readonly files: Treefiles },
): ExpandedTree | TreeMistake {
  const gathered = gather(path, arch, all);
  if ("sentence" in gathered) return gathered;
  const { files, variables } = gathered;
  const from = (pick: (file: Treefile) => readonly Word[]): readonly Placed[] =>
    files.flatMap(({ path, file }) => pick(file).map((word) => ({ ...word, path })));
  const [own] = from(({ ref }) => (ref ? [ref] : []));
  if (!own) return { path, line: 1, sentence: words.noRef };
  const ref = refOf(own, variables);
  if (typeof ref !== "string") return ref;
  const excluded = new Set(from(({ excluded }) => excluded).map(({ text }) => text));
  const packages = packagesOf(
    from((file) => [...file.packages, ...(file.archPackages[arch] ?? [])]),
    variables,
  );
  if ("sentence" in packages) return packages;
  const kept = [...new Set(packages)].filter((name) => !excluded.has(name));
  if (kept.length === 0) return { path, line: 1, sentence: words.nothing };
  const repos = [...new Set(from(({ repos }) => repos).map(({ text }) => text))];
  return { ref, repos, packages: kept };
}

interface Placed extends Word {
  readonly path: string;
}

function refOf(word: Placed, variables: Variables): string | TreeMistake {
  const ref = filled(word, variables);
  const { path, line } = word;
  if (typeof ref !== "string") return { path, ...ref };
  return isRef(ref) ? ref : { path, line, sentence: words.ref(ref) };
}

function packagesOf(all: readonly Placed[], variables: Variables): readonly string[] | TreeMistake {
  const names: string[] = [];
  for (const word of all) {
    const { path, line } = word;
    const name = filled(word, variables);
    if (typeof name !== "string") return { path, ...name };
    if (name.startsWith("-")) return { path, line, sentence: words.dash(name) };
    names.push(name);
  }
  return names;
}

const isRef = (ref: string): boolean => ref.length <= REF_MAX && ref.split("/").every(isRefPart);

const isRefPart = (part: string): boolean =>
  part !== "" && !".-".includes(part.charAt(0)) && Array.from(part).every((c) => REF_CHARS.has(c));

const REF_CHARS = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
