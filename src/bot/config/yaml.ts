import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
} from "yaml";
import type { Mistake } from "./text.ts";
import { mistakes, values } from "../words/config.ts";

export type Yaml = Document.Parsed;

/** Reads YAML of which every scalar is text (`failsafe`), with what is wrong in it as YAML. */
export function parseYaml(text: string): { readonly document: Yaml; readonly wrong: readonly Mistake[] } {
  const document = parseDocument(text, {
    schema: "failsafe",
    prettyErrors: false,
    logLevel: "error",
    // Looked for here, in one pass: the parser compares each key with each.
    uniqueKeys: false,
  });
  if (document.errors.length > 0) return { document, wrong: document.errors.map(syntaxMistake) };
  const wrong: Mistake[] = [];
  inspect(document.contents, wrong);
  return { document, wrong };
}

/** Are there aliases? Then values must not be read: a bomb is made of them. */
export const hasAlias = (node: unknown): boolean => {
  if (isAlias(node)) return true;
  if (isSeq(node)) return node.items.some(hasAlias);
  return isMap(node) && node.items.some(({ key, value }) => hasAlias(key) || hasAlias(value));
};

function syntaxMistake({ code, pos, message }: YAMLError): Mistake {
  const [from, to] = pos;
  return { from, to: Math.max(to, from + 1), because: SYNTAX[code] ?? mistakes.syntax(message) };
}

const SYNTAX: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  MULTIPLE_DOCS: mistakes.documents,
  TAB_AS_INDENT: mistakes.tab,
  BAD_INDENT: mistakes.unclosed,
  BAD_SCALAR_START: mistakes.start,
  BLOCK_AS_IMPLICIT_KEY: mistakes.nested,
  UNEXPECTED_TOKEN: mistakes.indented,
  MULTILINE_IMPLICIT_KEY: mistakes.indented,
  MISSING_CHAR: mistakes.quote,
  BAD_DQ_ESCAPE: mistakes.escape,
};

/** What YAML allows and the config does not. */
function inspect(node: unknown, wrong: Mistake[]): void {
  if (!isNodeOf(node)) return;
  if (isAlias(node)) wrong.push({ ...rangeOf(node), because: mistakes.alias });
  else if (node.anchor !== undefined) wrong.push({ ...rangeOf(node), because: mistakes.anchor });
  if (node.tag !== undefined) wrong.push({ ...rangeOf(node), because: mistakes.tag });
  if (isSeq(node)) node.items.forEach((item) => inspect(item, wrong));
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const pair of node.items) inspectPair(pair, { seen, wrong });
}

function inspectPair({ key, value }: Pair, { seen, wrong }: { seen: Set<string>; wrong: Mistake[] }): void {
  inspect(key, wrong);
  if (!isTextual(key)) wrong.push({ ...rangeOf(key), because: mistakes.keyShape });
  else {
    const because = keyTrouble(key.value, seen);
    if (because !== undefined) wrong.push({ ...rangeOf(key), because });
    else if (isBlank(value)) wrong.push({ ...rangeOf(key), because: `${key.value}: ${values.empty}` });
    seen.add(key.value);
  }
  inspect(value, wrong);
}

function keyTrouble(key: string, seen: ReadonlySet<string>): string | undefined {
  if (seen.has(key)) return mistakes.twice(key);
  if (key === "<<") return mistakes.merge;
  if (key === "__proto__") return mistakes.proto;
  return key.includes("\n") ? mistakes.keyShape : undefined;
}

/** A key with nothing after it. */
export const isBlank = (node: unknown): boolean =>
  node === null || node === undefined || (isTextual(node) && node.value === "" && node.type === "PLAIN");

const isTextual = (node: unknown): node is Scalar<string> => isScalar(node) && typeof node.value === "string";
const isNodeOf = (node: unknown): node is Node =>
  isAlias(node) || isScalar(node) || isMap(node) || isSeq(node);

/** Where a node stands in the file. */
export function rangeOf(node: unknown): Pick<Mistake, "from" | "to"> {
  const [from, to] = (isNodeOf(node) && node.range) || [0, 1];
  return { from, to: Math.max(to, from + 1) };
}
