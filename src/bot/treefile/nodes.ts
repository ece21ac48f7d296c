import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { placesIn } from "../config/places.ts";
import { textMistakes } from "../config/text.ts";
import { treefile as words } from "../words/treefile.ts";

/** What is wrong in a file, and at which of its lines. */
export interface FileMistake {
  readonly line: number;
  readonly sentence: string;
}

export const isFileMistake = (value: object): value is FileMistake => "sentence" in value;

/** A value of a treefile and its line: a word, a list, or keys with values. */
export type TreeNode =
  | { readonly kind: "text"; readonly text: string; readonly line: number }
  | { readonly kind: "list"; readonly items: readonly TreeNode[]; readonly line: number }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, TreeNode>; readonly line: number };

const ALIASES_MAX = 100;
/** Values that all aliases together may stand for: a bomb is made of them. */
const NODES_MAX = 20_000;

/** Reads YAML, or JSON, of which every scalar is text. Time and memory are bounded by the caps on the text and on aliases. */
export function readNodes(text: string): TreeNode | FileMistake {
  // Within JSON a tab can only be a blank between words, and YAML has its own mind of them.
  const source = text.trimStart().startsWith("{") ? text.replaceAll("\t", " ") : text;
  const place = placesIn(source);
  const [wrong] = textMistakes(source);
  if (wrong) return { line: place(wrong.from, wrong.to).line, sentence: wrong.because };
  const document = parseDocument(source, {
    schema: "failsafe",
    prettyErrors: false,
    logLevel: "error",
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error) return { line: place(...error.pos).line, sentence: `No YAML: ${error.message}` };
  const lineOf = (node: unknown): number => place(startOf(node), startOf(node) + 1).line;
  const aliases = aliasesIn(document);
  if (aliases > ALIASES_MAX) return { line: 1, sentence: words.aliases(ALIASES_MAX) };
  return build(document.contents, { document, lineOf, count: { nodes: 0 } });
}

function aliasesIn(document: Document): number {
  let count = 0;
  visit(document, { Alias: () => void (count += 1) });
  return count;
}

interface Building {
  readonly document: Document;
  readonly lineOf: (node: unknown) => number;
  readonly count: { nodes: number };
}

function build(node: unknown, at: Building): TreeNode | FileMistake {
  at.count.nodes += 1;
  const line = at.lineOf(node);
  if (at.count.nodes > NODES_MAX) return { line, sentence: words.aliases(ALIASES_MAX) };
  if (isAlias(node)) return aliased(node, at);
  if (isSeq(node)) return listOf(node.items, line, at);
  if (!isMap(node)) return { kind: "text", text: textOf(node), line };
  const entries = new Map<string, TreeNode>();
  for (const { key, value } of node.items) {
    const name = textOf(key);
    if (entries.has(name)) return { line: at.lineOf(key), sentence: words.twice(name) };
    const built = build(value ?? key, value ? at : { ...at, lineOf: () => at.lineOf(key) });
    if (isFileMistake(built)) return built;
    entries.set(name, value ? built : { kind: "text", text: "", line: built.line });
  }
  return { kind: "map", entries, line };
}

function listOf(items: readonly unknown[], line: number, at: Building): TreeNode | FileMistake {
  const built: TreeNode[] = [];
  for (const item of items) {
    const one = build(item, at);
    if (isFileMistake(one)) return one;
    built.push(one);
  }
  return { kind: "list", items: built, line };
}

/** An alias stands for what was written before it; inside of that it would never end. */
function aliased(alias: Alias, at: Building): TreeNode | FileMistake {
  const meant = alias.resolve(at.document);
  const isInside = meant && startOf(alias) < endOf(meant);
  if (!meant || isInside) return { line: at.lineOf(alias), sentence: words.loop };
  return build(meant, at);
}

const startOf = (node: unknown): number => (isNode(node) && node.range?.[0]) || 0;
const endOf = (node: unknown): number => (isNode(node) && node.range?.[1]) || 0;
const isNode = (node: unknown): node is Node => isAlias(node) || isScalar(node) || isMap(node) || isSeq(node);

const textOf = (node: unknown): string =>
  isScalar(node) && typeof node.value === "string" ? node.value : "";
