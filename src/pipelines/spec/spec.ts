import { type SpecLine, specLines } from "./lines.ts";
import { specMacros } from "./macros.ts";
import { complain, emptyReading, type Reading, type Spec } from "./reading.ts";
import { readListed, readTag } from "./tags.ts";
import { BODIES, CONDITIONS_OPEN, CONDITIONS_TURN, LISTINGS } from "./words.ts";

export { dependencies } from "./dependencies.ts";
export type { Spec, SpecFile } from "./reading.ts";
export { isAddress, sourceFile } from "./source.ts";

/** Longer specs are not read. In UTF-16 code units. */
export const SPEC_CAP = 1024 * 1024;

/**
 * Reads a spec as text: `%(…)`, `%{lua:…}`, `%include` and macros that it does not define itself stay as they
 * are written, and both branches of every `%if` are read. Takes time linear in the text.
 */
export function readSpec(text: string): Spec {
  const reading = emptyReading(specMacros());
  if (text.length > SPEC_CAP) {
    complain(reading, 1, "The spec is larger than 1 MiB and is not read.");
    return result(reading);
  }
  const { lines, unclosed } = specLines(text);
  for (const line of lines) readLine(reading, line);
  if (unclosed !== undefined) complain(reading, unclosed, "A macro opens here and is never closed.");
  for (const line of reading.conditions) complain(reading, line, "This %if has no %endif.");
  for (const tag of ["name", "version", "release"] as const)
    if (!reading.once[tag]) complain(reading, 1, `There is no ${tag} tag.`);
  if (reading.macros.isExhausted())
    complain(reading, 1, "The macros expand to more than is worth reading; some stay as they are written.");
  return result(reading);
}

const result = ({ once, lists, files, packages, problems }: Reading): Spec => ({
  ...once,
  ...lists,
  ...files,
  packages,
  problems,
});

function readLine(reading: Reading, line: SpecLine): void {
  const text = line.text.trimStart();
  const word = /^%([a-z_]+)/.exec(text)?.[1] ?? "";
  if (readCondition(reading, word, line.line)) return;
  if (word === "global" || word === "define" || word === "undefine")
    return readDefinition(reading, text, line);
  forgetDefined(reading, text);
  if (word === "include") complain(reading, line.line, "A file that %include names is not read.");
  if (word === "package") readPackage(reading, text, line);
  else if (!entersSection(reading, word)) readInSection(reading, line);
}

function entersSection(reading: Reading, word: string): boolean {
  const section = BODIES.has(word) ? "body" : LISTINGS.get(word);
  if (section) reading.section = section;
  return section !== undefined;
}

function readInSection(reading: Reading, line: SpecLine): void {
  const { section } = reading;
  if (section === "main" || section === "package") readTag(reading, line);
  else if (section !== "body") readListed(reading, section, line);
}

function readCondition(reading: Reading, word: string, line: number): boolean {
  if (CONDITIONS_OPEN.has(word)) reading.conditions.push(line);
  else if (word === "endif" && reading.conditions.pop() === undefined)
    complain(reading, line, "This %endif has no %if.");
  return word === "endif" || CONDITIONS_OPEN.has(word) || CONDITIONS_TURN.has(word);
}

const DEFINITION = /^%(global|define|undefine)[ \t]+([A-Za-z_]\w*)(\([^()\n]*\))?(?:[ \t]+([^]*))?$/;

function readDefinition(reading: Reading, text: string, line: SpecLine): void {
  const [, how, name, options, body = ""] = DEFINITION.exec(text) ?? [];
  if (name === undefined) return complain(reading, line.line, "This is not a definition that rpm reads.");
  forgetDefined(reading, body);
  const { macros } = reading;
  const isConditional = reading.conditions.length > 0;
  if (how === "undefine") return isConditional ? macros.define(name, undefined) : macros.forget(name);
  const plain = plainBody(body);
  const known = how === "global" && !options ? macros.expand(plain).value : plain;
  macros.define(name, options !== undefined || isConditional ? undefined : known);
}

/** A body may be wrapped in braces, and a backslash carries it over the end of a line. */
function plainBody(body: string): string {
  const text = body.trimEnd().replaceAll("\\\n", "\n");
  return text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
}

const NESTED = /%(?:global|define|undefine)[ \t]+([A-Za-z_]\w*)/g;

/** A definition inside of something else (`%{!?x: %define x 1}`) may or may not happen. */
function forgetDefined(reading: Reading, text: string): void {
  if (!text.includes("%")) return;
  for (const [, name] of text.matchAll(NESTED)) if (name) reading.macros.define(name, undefined);
}

/** `%package devel` is `%{name}-devel`, `%package -n other` is `other`. */
function readPackage(reading: Reading, text: string, line: SpecLine): void {
  reading.section = "package";
  const words = text.split(/\s+/).slice(1);
  const own = words.indexOf("-n");
  const name = own === -1 ? `%{name}-${words[0] ?? ""}` : (words[own + 1] ?? "");
  const column = line.text.length - text.length + 1;
  const conditional = reading.conditions.length > 0;
  reading.packages.push({ line: line.line, column, conditional, ...reading.macros.expand(name) });
}
