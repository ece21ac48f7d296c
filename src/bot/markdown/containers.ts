import { isDigit, runEnd } from "./html-tags.ts";

/** What a line may stand in: a quote, a list's item or a footnote (`width` columns wide before its content). */
export type Container =
  | { readonly kind: "quote" }
  | { readonly kind: "item" | "note"; readonly width: number; readonly isBare: boolean };

/** Deeper nesting than people write; the rest of such a comment is not read. */
export const DEPTH_MAX = 50;

/** A line with its tabs as blanks, and where its last visible character stands (-1: nowhere). */
export interface Row {
  readonly text: string;
  readonly last: number;
}

export const isBlankFrom = ({ last }: Row, pos: number): boolean => last < pos;

/** The blanks at `pos`, counted up to `max`. */
export function indent({ text }: Row, pos: number, max: number): number {
  let blanks = 0;
  while (blanks < max && text.charAt(pos + blanks) === " ") blanks += 1;
  return blanks;
}

/** How many of the open containers go on in this line, and where the line goes on after their marks. */
export function goOn(row: Row, containers: readonly Container[]): { matched: number; pos: number } {
  let pos = 0;
  for (const [matched, container] of containers.entries()) {
    const next = container.kind === "quote" ? quoteMark(row, pos) : itemIndent(row, pos, container);
    if (next === undefined) return { matched, pos };
    pos = next;
  }
  return { matched: containers.length, pos };
}

function quoteMark(row: Row, pos: number): number | undefined {
  const mark = pos + indent(row, pos, 3);
  if (row.text.charAt(mark) !== ">") return undefined;
  return row.text.charAt(mark + 1) === " " ? mark + 2 : mark + 1;
}

function itemIndent(
  row: Row,
  pos: number,
  { width, isBare }: { readonly width: number; readonly isBare: boolean },
): number | undefined {
  // An item whose first line is empty ends at a second one.
  if (isBlankFrom(row, pos)) return isBare ? undefined : pos;
  return indent(row, pos, width) === width ? pos + width : undefined;
}

/** The container that begins at `pos`, if one does; `inText` is a paragraph that not every list may break. */
export function opening(
  row: Row,
  pos: number,
  inText: boolean,
): { container: Container; pos: number } | undefined {
  const quote = quoteMark(row, pos);
  if (quote !== undefined) return { container: { kind: "quote" }, pos: quote };
  const start = pos + indent(row, pos, 3);
  const note = noteMark(row, start);
  if (note !== undefined) return { container: { kind: "note", width: 4, isBare: false }, pos: note };
  const mark = itemMark(row, start);
  if (mark === undefined) return undefined;
  const isBare = isBlankFrom(row, mark.end);
  if (inText && (isBare || mark.number > 1 || mark.number === 0)) return undefined;
  const blanks = indent(row, mark.end, 5);
  const content = isBare || blanks > 4 ? mark.end + 1 : mark.end + blanks;
  return { container: { kind: "item", width: content - pos, isBare }, pos: content };
}

function itemMark({ text }: Row, start: number): { end: number; number: number } | undefined {
  const digits = runEnd(text, start, isDigit);
  const isBullet = digits === start && "-+*".includes(text.charAt(start) || "?");
  const isNumber = digits > start && digits <= start + 9 && ".)".includes(text.charAt(digits) || "?");
  if (!isBullet && !isNumber) return undefined;
  const end = digits + 1;
  if (text.charAt(end) !== " " && end < text.length) return undefined;
  return { end, number: isBullet ? 1 : Number(text.slice(start, digits)) };
}

/** A footnote's `[^name]:`. */
function noteMark({ text }: Row, start: number): number | undefined {
  if (!text.startsWith("[^", start)) return undefined;
  const end = runEnd(text, start + 2, (c) => c !== "]" && c !== " ");
  return end > start + 2 && text.startsWith("]:", end) ? runEnd(text, end + 2, (c) => c === " ") : undefined;
}
