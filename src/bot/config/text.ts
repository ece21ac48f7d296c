import { mistakes } from "../words/config.ts";

/** A mistake and the offsets of what is meant in the file: `to` is the first that is not. */
export interface Mistake {
  readonly from: number;
  readonly to: number;
  readonly because: string;
  /** What probably was meant instead. */
  readonly suggestion?: string;
}

const LENGTH_MAX = 64 * 1024;
const DEPTH_MAX = 20;
const INDENT_MAX = DEPTH_MAX * 8;

/** What is wrong before YAML is asked: a parser recurses into depth, and takes minutes over some of it. */
export function textMistakes(text: string): readonly Mistake[] {
  if (text.length > LENGTH_MAX)
    return [{ from: LENGTH_MAX - 1, to: LENGTH_MAX, because: mistakes.tooLong(LENGTH_MAX) }];
  const strange = strangeIn(text);
  if (strange.length > 0) return strange;
  const from = deepAt(text);
  return from === undefined ? [] : [{ from, to: from + 1, because: mistakes.tooDeep }];
}

/** The first character of each line that no text file holds. A byte order mark may begin the file. */
function strangeIn(text: string): readonly Mistake[] {
  const found: Mistake[] = [];
  let line = -1;
  let from = 0;
  let lines = 0;
  for (const c of text) {
    const isReturn = c === "\r" && text[from + 1] !== "\n";
    if (c === "\n") lines += 1;
    else if (line < lines && (isReturn || !(isPrintable(c) || (c === "\ufeff" && from === 0)))) {
      found.push({ from, to: from + c.length, because: isReturn ? mistakes.returns : mistakes.encoding });
      line = lines;
    }
    from += c.length;
  }
  return found;
}

/** Where brackets, indentation or the signs before a line's text nest too deep. */
function deepAt(text: string): number | undefined {
  let open = 0;
  let start = 0;
  for (const line of text.split("\n")) {
    if (isDeepBefore(line)) return start;
    for (let column = 0; column < line.length; column += 1) {
      open = Math.max(0, open + (BRACKETS.get(line.charAt(column)) ?? 0));
      if (open > DEPTH_MAX) return start + column;
    }
    start += line.length + 1;
  }
  return undefined;
}

const BRACKETS: ReadonlyMap<string, number> = new Map([
  ["[", 1],
  ["{", 1],
  ["]", -1],
  ["}", -1],
]);

/** Entries of lists, keys and their values nest on one line, too: `- - ? - a`. */
function isDeepBefore(line: string): boolean {
  let column = 0;
  let signs = 0;
  while (BEFORE.has(line.charAt(column)) && column <= INDENT_MAX && signs <= DEPTH_MAX) {
    signs += line.charAt(column) === " " || line.charAt(column) === "\t" ? 0 : 1;
    column += 1;
  }
  return column < line.length && (column > INDENT_MAX || signs > DEPTH_MAX);
}

const BEFORE = new Set(" \t-?:");

/** What YAML takes for text: no control characters, nothing that stands for bytes that were no UTF-8. */
export function isPrintable(text: string): boolean {
  return Array.from(text).every((c) => {
    const code = c.codePointAt(0) ?? 0;
    return !UNPRINTABLE.some(([first, last]) => code >= first && code <= last);
  });
}

const UNPRINTABLE = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfffd, 0xffff],
] as const;
