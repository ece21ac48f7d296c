import type { Arch } from "../../pipelines/run.ts";
import type { Inclusion, Word } from "./treefile.ts";
import type { FileMistake } from "./nodes.ts";
import { treefile as words } from "../words/treefile.ts";

/** Values by name: `basearch`, `releasever`, and those that a treefile names itself. */
export type Variables = ReadonlyMap<string, string>;

/** Is another file taken in here? Conditions are `NAME == VALUE`, `NAME != VALUE`, `NAME` or `!NAME`, and all must hold. */
export function isTaken(
  { arch, conditions }: Inclusion,
  here: Arch,
  variables: Variables,
): boolean | FileMistake {
  if (arch !== undefined && arch !== here) return false;
  for (const condition of conditions) {
    const holds = holdsHere(condition, variables);
    if (holds !== true) return holds;
  }
  return true;
}

function holdsHere({ text, line }: Word, variables: Variables): boolean | FileMistake {
  const [first = "", operator, value = "", rest] = text.split(" ").filter(Boolean);
  const isDenied = operator === undefined && first.startsWith("!");
  const actual = variables.get(isDenied ? first.slice(1) : first);
  if (actual === undefined || rest !== undefined || !OPERATORS.has(operator))
    return { line, sentence: words.condition(text) };
  const isEqual = actual === (operator === undefined ? "true" : unquoted(value));
  return isEqual !== (isDenied || operator === "!=");
}

const OPERATORS: ReadonlySet<string | undefined> = new Set([undefined, "==", "!="]);

function unquoted(text: string): string {
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

/** A word with its variables put in: `${basearch}`. */
export function filled({ text, line }: Word, variables: Variables): string | FileMistake {
  const [first = "", ...rest] = text.split("${");
  let out = first;
  for (const part of rest) {
    const end = part.indexOf("}");
    const name = end < 0 ? part : part.slice(0, end);
    const value = end < 0 ? undefined : variables.get(name);
    if (value === undefined) return { line, sentence: words.unknown(name) };
    out += value + part.slice(end + 1);
  }
  return out;
}
