import { MILESTONES, type Milestone, type Reached } from "./booted.ts";
import { type Blame, blameIn, startupIn, type Startup } from "./analysis.ts";

/** One boot as its serial console told it. Seconds since the machine was switched on, by the clock outside. */
export interface BootTimes {
  readonly reached: Reached;
  /** What systemd measured of itself, where it said so. */
  readonly startup?: Startup;
  /** The units that took longest, slowest first. */
  readonly slowest: readonly Blame[];
  /** What the test unit complained of. */
  readonly complaint?: string;
}

/** What the test unit of an image says on the console when all is well, and what it begins with when not. */
const OK = "millwright: ok";
const NOT_OK = "millwright: not ok";

/**
 * Reads a console's log: each line is the time, a space and what the console said by then. Lines that are not of this
 * shape are passed over; of what is said twice the first counts.
 */
export function bootTimes(log: string): BootTimes {
  const lines = log
    .slice(0, LOG_MAX)
    .split("\n", LINES_MAX)
    .flatMap((line) => timed(line) ?? []);
  const reached = MILESTONES.flatMap((milestone) => {
    const first = lines.find(({ text }) => SIGNS[milestone](text));
    return first ? [[milestone, first.at] as const] : [];
  });
  const startup = firstOf(lines, startupIn);
  const complaint = firstOf(lines, complaintIn);
  const slowest = lines
    .flatMap(({ text }) => blameIn(text) ?? [])
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST);
  return {
    reached: Object.fromEntries(reached),
    slowest,
    ...(startup && { startup }),
    ...(complaint !== undefined && { complaint }),
  };
}

/** The last lines of a console, for people. */
export const tailOf = (log: string, count: number): readonly string[] =>
  log
    .slice(-LOG_MAX)
    .split("\n")
    .flatMap((line) => timed(line) ?? [])
    .filter(({ text }) => text.trim() !== "")
    .slice(-count)
    .map(({ at, text }) => `${at.toFixed(1)} ${text}`);

interface Line {
  readonly at: number;
  readonly text: string;
}

function firstOf<T>(lines: readonly Line[], read: (text: string) => T | undefined): T | undefined {
  for (const { text } of lines) {
    const found = read(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

const complaintIn = (text: string): string | undefined =>
  text.startsWith(NOT_OK)
    ? text
        .slice(NOT_OK.length + 1)
        .trim()
        .slice(0, 200)
    : undefined;

/** As much of a console is heard, in bytes. */
export const LOG_MAX = 1024 * 1024;
const LINES_MAX = 20_000;
const SLOWEST = 5;
const LINE_MAX = 1000;

/** `12.345 text`; the text without what only colours it. */
function timed(line: string): Line | undefined {
  const [stamp = ""] = line.slice(0, 16).split(" ", 1);
  const at = secondsOf(stamp);
  return at === undefined ? undefined : { at, text: plain(line.slice(stamp.length + 1, LINE_MAX)) };
}

/** Digits with one point among them, at most ten of them. */
function secondsOf(text: string): number | undefined {
  const [whole = "", part = "", ...more] = text.split(".");
  const isNumber = whole !== "" && whole.length <= 6 && part !== "" && part.length <= 6 && more.length === 0;
  return isNumber && isDigits(whole + part) ? Number(text) : undefined;
}

const isDigits = (text: string): boolean => Array.from(text).every((c) => c >= "0" && c <= "9");

/** Without escape sequences (`ESC [ … letter`) and other controls. */
function plain(text: string): string {
  if (!text.includes("\u001b") && !text.includes("\r")) return text.trimEnd();
  let said = "";
  let escape: "no" | "begun" | "inside" = "no";
  for (const c of text) {
    if (escape === "begun") escape = c === "[" ? "inside" : "no";
    else if (escape === "inside") escape = c >= "@" && c <= "~" ? "no" : "inside";
    else if (c === "\u001b") escape = "begun";
    else if (c >= " ") said += c;
  }
  return said.trimEnd();
}

/** What follows the kernel's own time: `[    0.000000] Linux version …`. */
function ofKernel(text: string): string | undefined {
  if (!text.startsWith("[")) return undefined;
  const end = text.indexOf("]");
  return end > 0 && end < 20 && secondsOf(text.slice(1, end).trim()) !== undefined
    ? text.slice(end + 1).trimStart()
    : undefined;
}

/** `[  OK  ] Reached target network.target - Network.`, in the words of old and new systemds. */
function reachedTarget(text: string): string | undefined {
  const begin = text.indexOf("Reached target ");
  return begin < 0 ? undefined : text.slice(begin + "Reached target ".length);
}

/** Not what only prepares it (`network-pre.target`, `Network (Pre)`). */
const NETWORK = ["network.target", "network-online.target", "Network.", "Network is "];

const SIGNS: Readonly<Record<Milestone, (text: string) => boolean>> = {
  kernel: (text) => ofKernel(text) !== undefined || text.startsWith("Linux version "),
  init(text) {
    const said = ofKernel(text) ?? text;
    return ["Run /", "systemd[1]: ", "INIT: version ", "Welcome to "].some((sign) => said.startsWith(sign));
  },
  network(text) {
    const target = reachedTarget(text);
    return target !== undefined && NETWORK.some((name) => target.startsWith(name));
  },
  login: (text) => text.endsWith("login:") && ofKernel(text) === undefined,
  ok: (text) => text === OK,
};
