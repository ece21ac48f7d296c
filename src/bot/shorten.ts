import { cutShort } from "./words/cut-short.ts";

/** How many bytes a text has in UTF-8; GitHub counts these where it does not count characters, which are fewer. */
export const bytesOf = (text: string): number => ENCODER.encode(text).length;
const ENCODER = new TextEncoder();

/** Markdown of ours within so many bytes: cut between lines, with no block and no table left half open. */
export function shorten(markdown: string, max: number): string {
  if (bytesOf(markdown) <= max) return markdown;
  const { kept, bar, cut } = fitting(markdown.split("\n"), max - bytesOf(`\n\n${cutShort}`));
  // Inside of a block a line may be cut anywhere; outside, half a line could come to mean something else.
  const rest = bar === "" ? [] : [...(cut === "" ? [] : [cut]), bar];
  const whole = bar === "" ? withoutHead(kept) : kept;
  return [...whole, ...rest, "", cutShort].join("\n");
}

/** Text within so many bytes, cut between characters. */
export function clipped(text: string, max: number): string {
  let room = max;
  let end = 0;
  for (const c of text) {
    room -= bytesOf(c);
    if (room < 0) return text.slice(0, end);
    end += c.length;
  }
  return text;
}

/** The lines that fit, what else fits of the next one, and the fence that is open behind them. */
function fitting(lines: readonly string[], max: number) {
  let room = max;
  let bar = "";
  const kept: string[] = [];
  for (const line of lines) {
    const next = fenceAfter(bar, line);
    const size = bytesOf(line) + 1;
    if (size + bytesOf(next) + 1 > room)
      return { kept, bar, cut: clipped(line, Math.max(0, room - bytesOf(bar) - 2)) };
    room -= size;
    bar = next;
    kept.push(line);
  }
  return { kept, bar, cut: "" };
}

/** Fences are written by `fence`: at the start of a line, and closed by the same bar alone. */
function fenceAfter(bar: string, line: string): string {
  if (bar !== "") return line === bar ? "" : bar;
  let length = 0;
  while (line.charAt(length) === "`") length += 1;
  return length >= 3 && !line.slice(length).includes("`") ? line.slice(0, length) : "";
}

/** A table's head without the line below it would be no table. */
function withoutHead(lines: readonly string[]): readonly string[] {
  const [before, last] = [lines.at(-2) ?? "", lines.at(-1) ?? ""];
  return last.startsWith("|") && !before.startsWith("|") ? lines.slice(0, -1) : lines;
}
