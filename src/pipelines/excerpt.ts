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

/** What rpmbuild, gcc, ld, make, test suites and the stages themselves print where things go wrong. */
const SIGNS = [
  "error: Failed build dependencies",
  ": fatal error:",
  ": error:",
  "undefined reference to",
  "configure: error:",
  "CMake Error",
  "ld returned 1 exit status",
  "Hunk #1 FAILED",
  "Reversed (or previously applied) patch detected",
  "FAIL: ",
  "*** [",
  "error: Bad exit status",
  "error: ",
  "File not found:",
  "Installed (but unpackaged) file(s) found",
];

/** Signs stand in order of what they tell: a compiler's line says more than make's echo of it. */
export function excerpt(log: string): Excerpt {
  const lines = log.split("\n").map(clean);
  if (lines.at(-1) === "") lines.pop();
  const cause = firstCause(lines);
  const at = cause ?? Math.max(0, lines.length - AFTER - 1);
  const from = Math.max(0, at - BEFORE);
  const shown = lines.slice(from, at + AFTER + 1).map((line) => line.slice(0, LINE_MAX));
  return { lines: shown, from: from + 1, guessed: cause === undefined };
}

/** The earliest line that bears a sign; `*** [` and what follows from it only where nothing else does. */
function firstCause(lines: readonly string[]): number | undefined {
  for (const signs of [SIGNS.slice(0, 10), SIGNS.slice(10)]) {
    const at = lines.findIndex((line) => !isEcho(line) && signs.some((sign) => line.includes(sign)));
    if (at >= 0) return at;
  }
  return undefined;
}

/** CodeBuild repeats the command that it runs: those lines name errors that have not happened. */
const isEcho = (line: string): boolean => line.startsWith("[Container] ");

/** Without control characters and terminal colours, so that a log cannot paint over itself. */
function clean(line: string): string {
  let out = "";
  let isEscape = false;
  for (const c of line) {
    const code = c.codePointAt(0) ?? 0;
    if (isEscape) isEscape = !(code >= 0x40 && code <= 0x7e && c !== "[");
    else if (code === 0x1b) isEscape = true;
    else if (code >= 0x20 || c === "\t") out += c;
  }
  return out;
}

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
