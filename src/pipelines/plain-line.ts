/** A line of a log without control characters and terminal colours, so that it cannot paint over others. */
export function plainLine(line: string): string {
  if (!line.includes(ESCAPE)) return withoutControls(line);
  const [first = "", ...rest] = line.split(ESCAPE);
  return withoutControls([first, ...rest.map(afterSequence)].join(""));
}

const ESCAPE = "\u001b";

/** What follows an escape sequence: `[…` ends at its first letter, `]…` (a title) at a bell. */
function afterSequence(text: string): string {
  if (text.startsWith("]")) {
    const bell = text.indexOf("\u0007");
    return bell < 0 ? "" : text.slice(bell + 1);
  }
  if (!text.startsWith("[")) return text.slice(1);
  const end = Array.from(text).findIndex((c, i) => i > 0 && c >= "@" && c <= "~");
  return end < 0 ? "" : text.slice(end + 1);
}

function withoutControls(line: string): string {
  const isPlain = (c: string) => c >= " " || c === "\t";
  return Array.from(line).every(isPlain) ? line : Array.from(line).filter(isPlain).join("");
}
