import { failedPart, isOwn, type Part } from "./build-output.ts";
import { plainLine } from "./plain-line.ts";

/** The part of a log that says why: the first real error with what stands around it. */
export interface Excerpt {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly from: number;
  /** No known pattern was found: these are just the last lines. */
  readonly guessed: boolean;
}

const BEFORE = 3;
const AFTER = 8;
const LINE_MAX = 300;

/** What compilers, linkers, patch and the like print where things go wrong. */
const CAUSES = [
  "error: Failed build dependencies",
  ": fatal error:",
  ": error:",
  "undefined reference to",
  "ld: cannot find ",
  "CMake Error",
  " FAILED at ",
  "can't find file to patch",
  "Reversed (or previously applied) patch detected",
];

/** What tools print that only pass on that something went wrong. */
const ECHOES = [
  "*** [",
  "*** No rule to make target",
  "error: ",
  "File not found:",
  "Installed (but unpackaged) file(s) found",
  ": command not found",
  "Traceback (most recent call last)",
];

/** Signs stand in order of what they tell: a compiler's line says more than make's echo of it. */
export function excerpt(log: string): Excerpt {
  const lines = log.split("\n").map(plainLine);
  if (lines.at(-1) === "") lines.pop();
  const part = failedPart(lines);
  const cause = firstCause(lines, part);
  const at = cause ?? Math.max(part.from, part.to - AFTER - 1);
  const from = Math.max(part.from, at - BEFORE);
  const shown = lines.slice(from, Math.min(part.to, at + AFTER + 1)).map((line) => line.slice(0, LINE_MAX));
  return { lines: shown, from: from + 1, guessed: cause === undefined };
}

/** The earliest line that names a cause; one that only passes it on where none does. */
function firstCause(lines: readonly string[], { from, to }: Part): number | undefined {
  const first = (isSign: (line: string) => boolean): number =>
    lines.findIndex((line, i) => i >= from && i < to && !isOwn(line) && !isTraced(line) && isSign(line));
  const cause = first((line) => isFailedTest(line) || CAUSES.some((sign) => line.includes(sign)));
  if (cause >= 0) return cause;
  const echo = first((line) => ECHOES.some((sign) => line.includes(sign)));
  return echo >= 0 ? echo : undefined;
}

/** A shell says what it is about to do. */
const isTraced = (line: string): boolean => line.startsWith("+ ");

/** At the start of a line only: a suite that passed counts its `# FAIL:  0` as well. */
const isFailedTest = (line: string): boolean => line.startsWith("FAIL: ") || line.startsWith("not ok ");

/** The sentence a stage printed about itself (`millwright: <kind>: …`), if it did. */
export function confession(log: string, kind: "infrastructure" | "refused" | "conflict"): string | undefined {
  const mark = `millwright: ${kind}: `;
  // At the start of a line only: the scripts that print it are echoed into the log as well.
  return log
    .split("\n")
    .findLast((line) => line.startsWith(mark))
    ?.slice(mark.length)
    .trim();
}
