import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { Arch, Tier } from "../pipelines/run.ts";
import { mistakes } from "./words/config.ts";
import { aliasIn, mistakesOf } from "./config-mistakes.ts";

/** Where the repository's rules stand; read from the default branch only. */
export const CONFIG_PATH = ".millwright.yml";

/** A map of arch -> tier; a plain list means that all of it is required. */
const Arches = z.preprocess(
  (value) =>
    Array.isArray(value) ? Object.fromEntries(value.map((arch) => [String(arch), "required"])) : value,
  z.partialRecord(Arch, Tier),
);

/** A channel's name becomes a part of the mirror's addresses. */
const Channel = z
  .string()
  .max(40)
  .refine(
    isPlainName,
    "a channel's name has letters, digits, `.`, `_` and `-` only, and begins with a letter",
  );

/** The repository's rules. Every key may be absent: zero config works. */
export const Config = z.strictObject({
  /** Target name -> arches, each `required` or `advisory`. Absent: the deployment's defaults. */
  targets: z.record(z.string(), Arches).optional(),
  /** Channel name -> the protected branch that feeds it. Absent: `devel` from the default branch. */
  channels: z.record(Channel, z.strictObject({ branch: z.string() })).optional(),
  /** Numeric GitHub ids whose pull requests are built without being asked about. */
  trusted: z.array(z.string().transform((text, context) => idOf(text) ?? fail(context, text))).default([]),
});
export type Config = z.infer<typeof Config>;

/** A mistake in the config, where it stands. Lines and columns count from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly because: string;
}

const BYTES_MAX = 64 * 1024;

/** Reads the rules; strings stay strings (`failsafe`), and every mistake is named with its place. */
export function readConfig(text: string): Config | readonly ConfigProblem[] {
  if (text.length > BYTES_MAX) return [{ line: 1, column: 1, because: mistakes.tooLong(BYTES_MAX) }];
  if (isTooDeep(text)) return [{ line: 1, column: 1, because: mistakes.tooDeep }];
  const counter = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const options = {
    schema: "failsafe",
    lineCounter: counter,
    prettyErrors: false,
    logLevel: "error",
  } as const;
  const document = parseDocument(text, options);
  if (document.errors.length > 0)
    return document.errors.map(({ pos, message }) => ({ ...place(pos[0]), because: message }));
  // No config needs aliases, and a bomb is made of them.
  const alias = aliasIn(document);
  if (alias !== undefined) return [{ ...place(alias), because: mistakes.alias }];
  const value: unknown = document.toJS();
  const parsed = Config.safeParse(value === null || value === "" ? {} : value);
  if (parsed.success) return parsed.data;
  return parsed.error.issues
    .flatMap((issue) => mistakesOf(document, issue))
    .map(({ at, because }) => ({ ...place(at), because }));
}

const DEPTH_MAX = 20;
/** Counts flow brackets and indentation before a parser recurses into them. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === "[" || c === "{") depth += 1;
    else if (c === "]" || c === "}") depth = Math.max(0, depth - 1);
    if (depth > DEPTH_MAX) return true;
  }
  return text.split("\n").some((line) => line.length - line.trimStart().length > DEPTH_MAX * 8);
}

function isPlainName(name: string): boolean {
  const [first = ""] = name;
  return LETTERS.has(first) && Array.from(name).every((c) => LETTERS.has(c) || MARKS.has(c));
}

const LETTERS = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const MARKS = new Set("0123456789._-");

function idOf(text: string): number | undefined {
  const isNumber = text.length > 0 && text.length < 16 && Array.from(text).every((c) => c >= "0" && c <= "9");
  return isNumber && !text.startsWith("0") ? Number(text) : undefined;
}

function fail(context: z.RefinementCtx, text: string): never {
  context.addIssue({ code: "custom", message: `"${text.slice(0, 40)}" is not a numeric GitHub id` });
  return z.NEVER;
}
