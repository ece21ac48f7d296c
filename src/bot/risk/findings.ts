import { CONFIG_PATH } from "../config/config.ts";
import { type Finding, linesOf, type Line, type Numbers, type RiskKind } from "./kinds.ts";
import { tagsOf, withoutComments } from "./markup.ts";
import { specFindings } from "./spec.ts";

type Read = (text: string, numbers: Numbers) => readonly Finding[];

export interface Looked {
  readonly path: string;
  readonly text: string;
  /** Shared by the two versions of a file. */
  readonly numbers: Numbers;
}

/** All that is risky in a file, as its name tells what it is. */
export const findings = ({ path, text, numbers }: Looked): readonly Finding[] =>
  readerOf(path)?.(text, numbers) ?? [];

/** Is this a file in which risks are looked for? */
export const isWatched = (path: string): boolean => readerOf(path) !== undefined;

function readerOf(path: string): Read | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path === CONFIG_PATH) return configFindings;
  if (name === "_service") return serviceFindings;
  if (name.endsWith(".spec")) return specFindings;
  if (name.endsWith(".kiwi") || name === "config.xml") return kiwiFindings;
  return name.endsWith(".sh") ? scriptFindings : undefined;
}

const configFindings: Read = (text) => orderly("config", linesOf(text).filter(isNoComment));
const serviceFindings: Read = (text) => orderly("service", linesOf(withoutComments(text)));
const scriptFindings: Read = (text) => orderly("kiwiScript", linesOf(text));

const isNoComment = ({ text }: Line): boolean => !text.trimStart().startsWith("#");

/** Every line counts, and so does their order: without one of them the others may do something else. */
function orderly(what: RiskKind, lines: readonly Line[]): readonly Finding[] {
  const full = lines
    .map(({ line, text }) => ({ line, text: text.trimEnd() }))
    .filter(({ text }) => text !== "");
  const [first] = full;
  if (!first) return [];
  const whole = `whole\n${full.map(({ text }) => text).join("\n")}`;
  return [
    ...full.map((line) => ({ ...line, what, key: `line\n${line.text}` })),
    { ...first, what, key: whole },
  ];
}

/** Where kiwi gets packages, files and users from, and what else it reads or runs. */
const KIWI = new Set([
  "repository",
  "source",
  "user",
  "archive",
  "file",
  "include",
  "xi:include",
  "!doctype",
  "!entity",
]);

const kiwiFindings: Read = (text) =>
  tagsOf(text)
    .filter(({ name, text }) => KIWI.has(name) || text.includes("editboot"))
    .map(({ line, text }) => ({ line, text, what: "kiwi", key: text }));
