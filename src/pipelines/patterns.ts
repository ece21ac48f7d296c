import { CONFIGURING } from "./patterns-configure.ts";
import { LANGUAGES } from "./patterns-languages.ts";
import { MACHINE } from "./patterns-machine.ts";
import { PACKAGING } from "./patterns-packaging.ts";
import type { Meaning, Sign } from "./patterns-signs.ts";
import { TESTS } from "./patterns-tests.ts";

/** Signs that stand alone in a class come first: the first that fits a line says what the line means. */
const SIGNS: readonly Sign[] = [...MACHINE, ...PACKAGING, ...CONFIGURING, ...TESTS, ...LANGUAGES];

/** What a line of a log says about a failure; `next` is the line below it. Nothing for most lines. */
export function meaningOf(line: string, next = ""): Meaning | undefined {
  if (line.length < SHORTEST || isHarmless(line)) return undefined;
  const sign = SIGNS.find((one) => fits(one, line, next));
  return sign && { says: sign.says, ...(sign.kind && { kind: sign.kind }) };
}

const SHORTEST = 5;

const fits = (sign: Sign, line: string, next: string): boolean =>
  (sign.start === undefined || line.startsWith(sign.start)) &&
  (sign.has === undefined || line.includes(sign.has)) &&
  (sign.end === undefined || line.endsWith(sign.end)) &&
  (sign.is === undefined || sign.is(line, next));

/** What people have checked, traced, warned of, expected or ignored is no failure, whatever words it uses. */
const isHarmless = (line: string): boolean =>
  HARMLESS_STARTS.some((start) => line.startsWith(start)) ||
  HARMLESS_ENDS.some((end) => line.endsWith(end)) ||
  HARMLESS_PARTS.some((part) => line.includes(part));

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
