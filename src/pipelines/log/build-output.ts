/** Part of a log: from line `from` up to, but without, line `to`, counted from 0. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** What the command printed that failed; the whole log where it does not say which one that was. */
export function failedPart(lines: readonly string[]): Part {
  const to = lines.findIndex((line) => isOwn(line) && line.includes(FAILED));
  if (to < 0) return { from: 0, to: lines.length };
  const command = lines.slice(0, to).findLastIndex((line) => isOwn(line) && line.includes(RUNNING));
  const from = Math.max(0, command);
  return { from: afterHereDocument(lines, { from, to }), to };
}

/** A line of CodeBuild's own, not of the build. */
const isOwn = (line: string): boolean => line.startsWith("[Container] ");

const RUNNING = " Running command ";
const FAILED = " Command did not exit successfully ";
const HERE = "<<'";

/** CodeBuild repeats the command that it runs: a script that stands in it has not said anything yet. */
function afterHereDocument(lines: readonly string[], { from, to }: Part): number {
  const command = lines[from] ?? "";
  const at = command.indexOf(HERE);
  if (at < 0) return from;
  const word = command.slice(at + HERE.length, command.indexOf("'", at + HERE.length));
  const end = lines.findIndex((line, i) => i > from && i < to && line.trim() === word);
  return end < 0 ? from : end + 1;
}

/** What rpmbuild ran last: a part of the output, and the script's name (`%build`) if it is what failed. */
export interface Script extends Part {
  readonly scriptlet?: string;
}

/**
 * The output of the scriptlet that failed; where none did, what came after the last one. What earlier ones
 * said did no harm, nor did a first try for which packages were still to be installed.
 */
export function failedScript(lines: readonly string[], { from, to }: Part): Script {
  const part = lines.slice(from, to);
  const end = part.findLastIndex((line) => line.startsWith(BAD));
  const line = part[end] ?? "";
  const scriptlet = end < 0 ? "" : line.slice(line.lastIndexOf("(") + 1, line.lastIndexOf(")"));
  const begin = part.findLastIndex(
    (line, i) => (end < 0 || i < end) && line.startsWith(`${EXECUTING}${scriptlet || "%"}`),
  );
  const narrow = { from: from + Math.max(0, begin), to: end < 0 ? to : from + end + 1 };
  return SCRIPTLETS.has(scriptlet) ? { ...narrow, scriptlet } : narrow;
}

const SCRIPTLETS = new Set(
  ["prep", "generate_buildrequires", "conf", "build", "install", "check", "clean"].map((name) => `%${name}`),
);
const BAD = "error: Bad exit status from ";
const EXECUTING = "Executing(";
