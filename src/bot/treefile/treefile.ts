import { Arch } from "../../pipelines/run.ts";
import { type FileMistake, isFileMistake, readNodes, type TreeNode } from "./nodes.ts";
import { treefile as words } from "../words/treefile.ts";

/** A word of a treefile and its line. */
export interface Word {
  readonly text: string;
  readonly line: number;
}

/** Another file that is taken in: always, on some arches, or under conditions that all must hold. */
export interface Inclusion {
  readonly path: Word;
  readonly arch?: Arch | undefined;
  readonly conditions: readonly Word[];
}

/** What one file of an rpm-ostree treefile says of what is composed. */
export interface Treefile {
  readonly ref?: Word | undefined;
  readonly releasever?: Word | undefined;
  readonly versionPrefix?: Word | undefined;
  readonly repos: readonly Word[];
  readonly packages: readonly Word[];
  readonly archPackages: Readonly<Partial<Record<Arch, readonly Word[]>>>;
  readonly excluded: readonly Word[];
  readonly variables: ReadonlyMap<string, string>;
  readonly include: readonly Inclusion[];
}

const WORD_MAX = 300;
const LIST_MAX = 5000;

type Map_ = Extract<TreeNode, { kind: "map" }>;

/** Reads one file; what it does not speak of here is left to rpm-ostree. */
export function readTreefile(text: string): Treefile | FileMistake {
  const root = readNodes(text);
  if (isFileMistake(root)) return root;
  if (root.kind !== "map") return { line: root.line, sentence: words.shape("treefile", words.map) };
  const trouble: FileMistake[] = [];
  const read = readingOf(root, (mistake) => trouble.push(mistake));
  const file = {
    ref: read.word("ref"),
    releasever: read.word("releasever"),
    versionPrefix: read.word("automatic-version-prefix"),
    repos: read.words("repos"),
    packages: read.words("packages").flatMap(packagesIn),
    archPackages: Object.fromEntries(
      Arch.options.map((arch) => [arch, read.words(`packages-${arch}`).flatMap(packagesIn)]),
    ),
    excluded: read.words("exclude-packages"),
    variables: new Map(
      read.map("variables").flatMap(([name, node]) => (node.kind === "text" ? [[name, node.text]] : [])),
    ),
    include: [...read.include(), ...read.archInclude(), ...read.conditional()],
  };
  return trouble[0] ?? file;
}

/** Is this somebody else's file: has it nothing that a treefile has? What is no YAML may be meant to be one. */
export function isForeignTree(text: string): boolean {
  const root = readNodes(text);
  if (isFileMistake(root)) return !OWN.some((key) => text.includes(`${key}:`) || text.includes(`"${key}"`));
  return root.kind !== "map" || !OWN.some((key) => root.entries.has(key));
}

/** Any of these makes a treefile; others' manifests have none of them. */
const OWN = ["ref", "packages", "include", "repos", "rojig"];

/** A line of packages holds several, parted by blanks; one in single quotes may say which version it wants. */
function packagesIn({ text, line }: Word): readonly Word[] {
  const parts = text.split("'").map((part) => part.replaceAll("\n", " ").replaceAll("\t", " "));
  return parts.flatMap((part, n) =>
    (n % 2 === 1 ? [part.trim()] : part.split(" ")).filter(Boolean).map((one) => ({ text: one, line })),
  );
}

type Tell = (mistake: FileMistake) => unknown;

function readingOf({ entries }: Map_, tell: Tell) {
  const word = (key: string): Word | undefined => {
    const node = entries.get(key);
    return node && wordOf(key, node, tell);
  };
  const words_ = (key: string): readonly Word[] => {
    const node = entries.get(key);
    return node ? wordsOf(key, node, tell) : [];
  };
  const map = (key: string): readonly (readonly [string, TreeNode])[] => {
    const node = entries.get(key);
    if (!node) return [];
    if (node.kind === "map") return [...node.entries];
    tell({ line: node.line, sentence: words.shape(key, words.map) });
    return [];
  };
  return {
    word,
    words: words_,
    map,
    include: (): readonly Inclusion[] =>
      oneOrMore("include", entries.get("include"), tell).map((path) => ({ path, conditions: [] })),
    archInclude: (): readonly Inclusion[] =>
      map("arch-include").flatMap(([name, node]) => {
        const arch = Arch.safeParse(name);
        const paths = oneOrMore("arch-include", node, tell);
        return arch.success ? paths.map((path) => ({ path, arch: arch.data, conditions: [] })) : [];
      }),
    conditional: (): readonly Inclusion[] => conditionalOf(entries.get("conditional-include"), tell),
  };
}

function conditionalOf(node: TreeNode | undefined, tell: Tell): readonly Inclusion[] {
  if (!node) return [];
  if (node.kind !== "list") {
    tell({ line: node.line, sentence: words.shape("conditional-include", words.list) });
    return [];
  }
  return node.items.flatMap((item) => {
    if (item.kind !== "map") {
      tell({ line: item.line, sentence: words.shape("conditional-include", words.map) });
      return [];
    }
    const conditions = oneOrMore("if", item.entries.get("if"), tell);
    return oneOrMore("include", item.entries.get("include"), tell).map((path) => ({ path, conditions }));
  });
}

const oneOrMore = (key: string, node: TreeNode | undefined, tell: Tell): readonly Word[] =>
  node?.kind === "text"
    ? [wordOf(key, node, tell)].filter((word) => word !== undefined)
    : wordsOf(key, node, tell);

function wordsOf(key: string, node: TreeNode | undefined, tell: Tell): readonly Word[] {
  if (!node) return [];
  // A key with nothing after it is an empty list.
  if (node.kind === "text" && node.text === "") return [];
  if (node.kind !== "list") {
    tell({ line: node.line, sentence: words.shape(key, words.texts) });
    return [];
  }
  if (node.items.length > LIST_MAX) tell({ line: node.line, sentence: words.many(key, LIST_MAX) });
  return node.items.slice(0, LIST_MAX).flatMap((item) => wordOf(key, item, tell) ?? []);
}

function wordOf(key: string, node: TreeNode, tell: Tell): Word | undefined {
  const { line } = node;
  if (node.kind !== "text") return void tell({ line, sentence: words.shape(key, words.text) });
  const text = node.text.trim();
  if (text.length > WORD_MAX || Array.from(text).some((c) => c < " " && c !== "\n" && c !== "\t"))
    return void tell({ line, sentence: words.item(WORD_MAX) });
  return { text, line };
}
