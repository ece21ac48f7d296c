import { CONFIGURING } from "./patterns-configure.ts";
import { LANGUAGES } from "./patterns-languages.ts";
import { MACHINE } from "./patterns-machine.ts";
import { PACKAGING } from "./patterns-packaging.ts";
import { isDigit, type Meaning, type Sign } from "./patterns-signs.ts";
import { TESTS } from "./patterns-tests.ts";

/** In order of what they tell: the first that fits a line says what it means. */
const SIGNS: readonly Sign[] = [...MACHINE, ...PACKAGING, ...CONFIGURING, ...TESTS, ...LANGUAGES];

const beginningWith = (char: string): readonly Sign[] =>
  SIGNS.filter(({ start }) => start === undefined || start.startsWith(char));

/** Logs are long: only signs that may fit a line's first character are tried. */
const FIRSTS = new Set(SIGNS.map(({ start = "" }) => start.slice(0, 1)).filter((char) => char !== ""));
const BY_FIRST = new Map([...FIRSTS].map((char) => [char, beginningWith(char)]));
const ANYWHERE = SIGNS.filter(({ start }) => start === undefined);

/** What a line of a log says about a failure; `next` is the line below it. Nothing for most lines. */
export function meaningOf(line: string, next = ""): Meaning | undefined {
  if (line.length < SHORTEST || isHarmless(line)) return undefined;
  const signs = BY_FIRST.get(line.charAt(0)) ?? ANYWHERE;
  const sign = signs.find((one) => fits(one, line, next));
  return sign && { says: sign.says, ...(sign.kind && { kind: sign.kind }) };
}

const SHORTEST = 5;

const fits = (sign: Sign, line: string, next: string): boolean =>
  (sign.start === undefined || line.startsWith(sign.start)) &&
  (sign.has === undefined || line.includes(sign.has)) &&
  (sign.end === undefined || line.endsWith(sign.end)) &&
  (sign.is === undefined || sign.is(line, next));

/** What was checked, traced, warned of, expected, ignored or only quoted is no failure, whatever its words. */
const isHarmless = (line: string): boolean =>
  HARMLESS_STARTS.some((start) => line.startsWith(start)) ||
  HARMLESS_ENDS.some((end) => line.endsWith(end)) ||
  HARMLESS_PARTS.some((part) => line.includes(part)) ||
  isSource(line);

const HARMLESS_STARTS = [
  "+ ",
  "++ ",
  "[Container] ",
  "warning: ",
  "checking ",
  "PASS",
  "XFAIL",
  "ok ",
  "#define ",
];
const HARMLESS_ENDS = [" (ignored)", " ok", " OK", "... no", "... yes", " # SKIP"];
/** Compilers' refusals that a configure script asked for, as its log tells them. */
const HARMLESS_PARTS = ["conftest.", "CMakeFiles/CMakeTmp", "CMakeScratch", " # TODO", " # SKIP "];

/** A line of a program as compilers quote it, behind its number or a bar, or with a string that it may print. */
function isSource(line: string): boolean {
  if (line.charAt(0) !== " " && !isDigit(line[0])) return false;
  if (line.includes('("')) return true;
  const bar = line.indexOf("|");
  return bar > 0 && bar < 12 && Array.from(line.slice(0, bar)).every((c) => c === " " || isDigit(c));
}
