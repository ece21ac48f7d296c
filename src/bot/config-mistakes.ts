import { isMap, isNode, isScalar, isSeq, type Document, visit } from "yaml";
import type { z } from "zod";

/** A mistake and the offset in the file where it stands. */
export interface Mistake {
  readonly at: number;
  readonly because: string;
}

type Config = Document.Parsed;

/** What the schema found wrong, one mistake for each key that it does not know. */
export function mistakesOf(document: Config, issue: z.core.$ZodIssue): readonly Mistake[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      at: keyAt(document, path, key),
      because: `${[...path, key].join(".")}: nothing of this name is known here`,
    }));
  const prefix = path.length > 0 ? `${path.join(".")}: ` : "";
  if (issue.code === "invalid_key")
    return [
      {
        at: keyAt(document, path.slice(0, -1), path.at(-1) ?? ""),
        because: prefix + (issue.issues[0]?.message ?? issue.message),
      },
    ];
  return [{ at: startOf(nearest(document, path)), because: prefix + issue.message }];
}

/** Where the first alias stands, if there is one. */
export function aliasIn(document: Config): number | undefined {
  let at: number | undefined;
  visit(document, {
    Alias(_, node) {
      at = startOf(node);
      return visit.BREAK;
    },
  });
  return at;
}

/** What is missing has no place of its own: what it is missing from has. */
const nearest = (document: Config, path: readonly string[]): unknown =>
  nodeAt(document, path) ?? (path.length > 0 ? nearest(document, path.slice(0, -1)) : undefined);

const nodeAt = (document: Config, path: readonly string[]): unknown =>
  path.length === 0 ? document.contents : document.getIn(path, true);

/** Where a key of a map stands, or the entry of a list that was read as one. */
function keyAt(document: Config, path: readonly string[], key: string): number {
  const around = nodeAt(document, path);
  const named = (node: unknown): boolean => isScalar(node) && String(node.value) === key;
  if (isMap(around)) return startOf(around.items.find((pair) => named(pair.key))?.key ?? around);
  if (isSeq(around)) return startOf(around.items.find(named) ?? around);
  return startOf(around);
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
