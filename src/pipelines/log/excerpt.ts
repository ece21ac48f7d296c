import { failedPart, failedScript, type Part } from "./build-output.ts";
import { logLines } from "./log-lines.ts";
import { meaningOf } from "./patterns.ts";
import type { Kind, Meaning } from "./patterns-signs.ts";
import { cutLine } from "./plain-line.ts";
import { detailOf } from "./test-details.ts";

/** The part of a log that says why: the first real error with what stands around it. */
export interface Excerpt {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly from: number;
  /** No known pattern was found: these are just the last lines. */
  readonly guessed: boolean;
  /** What went wrong, if the pattern tells. */
  readonly kind?: Kind;
  /** The scriptlet that failed (`%build`), if one did. */
  readonly scriptlet?: string;
}

/** What is shown of a line, in UTF-16 code units. */
const LINE_MAX = 300;

/** Around what names the cause, what follows explains it; before an echo stands what it is the echo of. */
const AROUND = { cause: [3, 8], complaint: [5, 6], echo: [9, 2] } as const;
const GUESSED = 9;

export function excerpt(log: string): Excerpt {
  const lines = logLines(log);
  const { from, to, scriptlet } = failedScript(lines, failedPart(lines));
  const found = findCause(lines, { from, to });
  const [before, after] = found ? AROUND[found.says] : [0, GUESSED];
  const at = found?.at ?? Math.max(from, to - GUESSED);
  const first = Math.max(from, at - before);
  return {
    lines: lines.slice(first, Math.min(to, at + after + 1)).map((line) => cutLine(line, LINE_MAX)),
    from: first + 1,
    guessed: found === undefined,
    ...(found?.kind && { kind: found.kind }),
    ...(scriptlet && { scriptlet }),
  };
}

/** A line that says something, and what. */
interface Found extends Meaning {
  readonly at: number;
}

/** The first cause, since what comes after may follow from it. Next best is a complaint, then an echo. */
function findCause(lines: readonly string[], part: Part): Found | undefined {
  const complaints: Found[] = [];
  let echo: Found | undefined;
  for (let at = part.from; at < part.to; at++) {
    const line = lines[at] ?? "";
    // make says below a complaint that it does not matter.
    if (line.endsWith(IGNORED)) complaints.pop();
    const meaning = meaningOf(line, lines[at + 1]);
    if (meaning?.says === "cause") return inDetail({ at, ...meaning }, lines, part);
    if (meaning?.says === "complaint") complaints.push({ at, ...meaning });
    if (meaning?.says === "echo") echo ??= { at, ...meaning };
  }
  return firstOfLastBunch(complaints, lines) ?? echo;
}

/** A suite may tell why a test failed only when all have run. */
function inDetail(found: Found, lines: readonly string[], { to }: Part): Found {
  const isDetail = detailOf(lines[found.at] ?? "");
  if (!isDetail) return found;
  const at = lines.findIndex((line, i) => i > found.at && i < to && isDetail(line, lines[i + 1] ?? ""));
  return at < 0 ? found : { ...found, at };
}

const IGNORED = " (ignored)";
const BUNCH = 12;

/** Complaints that did no harm come early; those that stand together are about one thing, and the first knows best. */
function firstOfLastBunch(complaints: readonly Found[], lines: readonly string[]): Found | undefined {
  const apart = complaints.findLastIndex(({ at }, i) => at - (complaints[i - 1]?.at ?? -Infinity) > BUNCH);
  const first = complaints[apart];
  return first && endOfTrace(first, lines);
}

const TRACE = "Traceback (most recent call last)";
const TRACE_MAX = 200;

/** Python names the exception below its frames, and the last frame is the nearest to it. */
function endOfTrace(found: Found, lines: readonly string[]): Found {
  const line = lines[found.at] ?? "";
  if (!line.includes(TRACE)) return found;
  const indent = line.length - line.trimStart().length;
  const isOutside = (text: string): boolean =>
    text.trim() !== "" && text.length - text.trimStart().length <= indent;
  const below = lines.slice(found.at + 1, found.at + TRACE_MAX).findIndex(isOutside);
  if (below < 0) return found;
  const at = found.at + 1 + below;
  const kind = meaningOf(lines[at] ?? "")?.kind ?? found.kind;
  return { says: found.says, at, ...(kind && { kind }) };
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
