import type { Place } from "./config.ts";

/** Tells where in a text a part of it stands. What goes on over a line's end is cut there, so that it can be shown. */
export function placesIn(text: string): (from: number, to: number) => Place {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return (from, to) => {
    const offset = Math.min(from, text.length);
    const line = lineOf(starts, offset);
    const start = starts[line - 1] ?? 0;
    const end = Math.max(offset + 1, Math.min(to, (starts[line] ?? text.length + 1) - 1));
    return { line, column: offset - start + 1, endLine: line, endColumn: end - start };
  };
}

/** The last line that begins at or before the offset, by halves. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return high;
}
