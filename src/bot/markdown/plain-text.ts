import { isPlain } from "./markdown.ts";

/** Foreign text as one line of plain text, cut short: no line end, control or turn of direction survives. */
export function oneLine(text: string, max: number): string {
  const chars = Array.from(text.slice(0, 4 * max), (c) => (isPlain(c) ? c : " "));
  const line = chars.join("").trim();
  return line.length > max ? `${line.slice(0, max - 1).trimEnd()}…` : line;
}

/** The first lines of foreign text, each marked as a quotation. */
export function quotation(text: string, lines: number): string {
  const all = text
    .slice(0, 20_000)
    .split("\n")
    .map((line) => oneLine(line, 200));
  const first = all.slice(0, lines);
  const more = all.length > lines ? ["[…]"] : [];
  return [...first, ...more].map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
}
