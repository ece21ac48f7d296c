/** A line of a log without control characters and terminal colours, so that it cannot paint over others. */
export function plainLine(line: string): string {
  if (isPlain(line)) return line;
  const [first = "", ...rest] = line.split(ESCAPE);
  return lastPainted([first, ...rest.map(afterSequence)].join(""));
}

/** A line of a log without its end, without half a character and no longer than this. */
export function cutLine(line: string, length: number): string {
  if (line.length <= length) return line;
  const isHigh = (line.codePointAt(length - 1) ?? 0) > 0xffff;
  return line.slice(0, isHigh ? length - 1 : length);
}

const ESCAPE = "\u001b";

/** What follows an escape sequence: `[…` ends at its first letter, `]…` (a title) at a bell. */
function afterSequence(text: string): string {
  if (text.startsWith("]")) {
    const bell = text.indexOf("\u0007");
    return bell < 0 ? "" : text.slice(bell + 1);
  }
  if (!text.startsWith("[")) return text.slice(1);
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x40 && unit <= 0x7e) return text.slice(at + 1);
  }
  return "";
}

/** Progress is painted over itself with carriage returns: only the last state is left to see. */
function lastPainted(line: string): string {
  const states = line.split("\r").map(withoutControls);
  return states.findLast((state) => state.trim() !== "") ?? "";
}

const withoutControls = (text: string): string =>
  isPlain(text) ? text : Array.from(text).filter(isPlain).join("");

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isControl(text.charCodeAt(at))) return false;
  return true;
}

/** Control characters but for tabs, and those that turn the direction of text around. */
const isControl = (unit: number): boolean =>
  unit < 0x20
    ? unit !== 0x09
    : unit >= 0x7f && (unit <= 0x9f || unit === 0x61c || (unit >= 0x200e && TURNING.has(unit)));

const TURNING = new Set([
  0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
]);
