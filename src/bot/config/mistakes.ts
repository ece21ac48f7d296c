import { isMap, isScalar, isSeq } from "yaml";
import type { z } from "zod";
import { Arch } from "../../pipelines/run.ts";
import { archWord } from "../commands/arch-names.ts";
import { jsonSchema, keysAt } from "./json-schema.ts";
import type { Mistake } from "./text.ts";
import { isBlank, rangeOf, type Yaml } from "./yaml.ts";
import { nearest } from "../../pipelines/nearest.ts";
import { shapes, values } from "../words/config.ts";

type Path = readonly string[];

/** Of one map's unknown keys no more are told. */
const KEYS_MAX = 50;

/** What the schema found wrong, one mistake for each key that it does not know. */
export function mistakesOf(document: Yaml, issues: readonly z.core.$ZodIssue[]): readonly Mistake[] {
  const schema = jsonSchema();
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return mistakeOf(document, path, issue);
    const known = keysAt(schema, path);
    // Of keys that are no text was told where they were read.
    const keys = issue.keys.slice(0, KEYS_MAX).filter((key) => keyNode(document, path, key) !== undefined);
    return keys.map((key) => unknownKey(document, { path, key, known }));
  });
}

function mistakeOf(document: Yaml, path: Path, issue: z.core.$ZodIssue): readonly Mistake[] {
  const node = nodeAt(document, path);
  // That it is empty was said where it was read.
  if (node !== undefined && path.length > 0 && isBlank(node)) return [];
  if (issue.code === "invalid_key") return [nameMistake(document, path, issue)];
  if (issue.code === "invalid_value") return [choiceMistake(document, path, issue.values.map(String))];
  if (issue.code === "invalid_type") return [typeMistake(document, path, issue.expected)];
  const params = issue.code === "custom" ? issue.params : undefined;
  return [at(document, path, { because: issue.message, suggestion: suggested(params) })];
}

interface Unknown {
  readonly path: Path;
  readonly key: string;
  readonly known: readonly string[] | undefined;
}

function unknownKey(document: Yaml, { path, key, known }: Unknown): Mistake {
  const because = known ? values.unknown : values.otherArch(key, Arch.options);
  const suggestion = known ? nearest(key, known) : nearestArch(key);
  return { ...keyRange(document, path, key), ...said([...path, key], because, suggestion) };
}

function nameMistake(document: Yaml, path: Path, issue: z.core.$ZodIssueInvalidKey): Mistake {
  const because = issue.issues[0]?.message ?? issue.message;
  return { ...keyRange(document, path.slice(0, -1), path.at(-1) ?? ""), ...said(path, because) };
}

function choiceMistake(document: Yaml, path: Path, known: readonly string[]): Mistake {
  const node = nodeAt(document, path);
  if (!isScalar(node)) return typeMistake(document, path, "string");
  const text = String(node.value);
  if (known.includes("x86_64"))
    return at(document, path, { because: values.otherArch(text, known), suggestion: nearestArch(text) });
  return at(document, path, { because: values.oneOf(text, known), suggestion: nearest(text, known) });
}

function typeMistake(document: Yaml, path: Path, expected: string): Mistake {
  const node = nodeAt(document, path);
  if (node === undefined) return at(document, path, { because: values.missing });
  const isTarget = path.length === 2 && path[0] === "targets";
  const wanted = isTarget ? shapes.arches : (SHAPES.get(expected) ?? shapes.text);
  return at(document, path, {
    because: values.expected(wanted, isTarget && isSeq(node) ? shapes.other : shapeOf(node)),
  });
}

const SHAPES: ReadonlyMap<string, string> = new Map([
  ["record", shapes.map],
  ["object", shapes.map],
  ["array", shapes.list],
]);

const shapeOf = (node: unknown): string =>
  isMap(node) ? shapes.map : isSeq(node) ? shapes.list : shapes.text;

/** A mistake at a path. */
export const at = (document: Yaml, path: Path, { because, suggestion }: Said): Mistake => ({
  ...placeOf(document, path),
  ...said(path, because, suggestion),
});

type Said = { readonly because: string; readonly suggestion?: string | undefined };

/** Where a path's value stands; of what is missing, what it is missing from. */
export const placeOf = (document: Yaml, path: Path): Pick<Mistake, "from" | "to"> =>
  rangeOf(nearestNode(document, path));

const said = (path: Path, because: string, suggestion?: string) => ({
  because: path.length > 0 ? `${path.join(".")}: ${because}` : because,
  ...(suggestion !== undefined && { suggestion }),
});

function suggested(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const suggestion = params?.["suggestion"];
  return typeof suggestion === "string" ? suggestion : undefined;
}

/** The arch that was meant, by whatever name people know it. */
function nearestArch(word: string): Arch | undefined {
  const meant = archWord(word);
  if (meant.kind === "arch") return meant.arch;
  return meant.kind === "other" ? meant.nearest : nearest(word, Arch.options);
}

/** The node at a path; what is missing has no place of its own, what it is missing from has. */
const nearestNode = (document: Yaml, path: Path): unknown =>
  nodeAt(document, path) ?? (path.length > 0 ? nearestNode(document, path.slice(0, -1)) : undefined);

const nodeAt = (document: Yaml, path: Path): unknown =>
  path.length === 0 ? document.contents : (document.getIn(path, true) ?? undefined);

/** Where a key of a map stands, or the entry of a list that was read as one. */
export const keyRange = (document: Yaml, path: Path, key: string): Pick<Mistake, "from" | "to"> =>
  rangeOf(keyNode(document, path, key) ?? nodeAt(document, path));

function keyNode(document: Yaml, path: Path, key: string): unknown {
  const around = nodeAt(document, path);
  const named = (node: unknown): boolean => isScalar(node) && String(node.value) === key;
  if (isMap(around)) return around.items.find((pair) => named(pair.key))?.key;
  return isSeq(around) ? around.items.find(named) : undefined;
}
