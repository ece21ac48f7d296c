import { BLOCK_TAGS } from "./html-names.ts";
import { isLetter, runEnd, tagAt } from "./html-tags.ts";
import { type Row, indent, isBlankFrom } from "./containers.ts";

/** What a line's text is part of. */
export type Leaf =
  | { readonly kind: "none" }
  | { readonly kind: "code" }
  /** `mayDefine`: begins like a link's definition; `isTable`: a row of it looks like a table's second. */
  | { readonly kind: "text"; readonly mayDefine: boolean; readonly isTable: boolean }
  | { readonly kind: "fence"; readonly mark: string; readonly length: number }
  /** Goes on to the line that holds one of `ends`, or to a blank line if there are none. */
  | { readonly kind: "html"; readonly ends: readonly string[] };

/** A fence of code that opens at `pos`. */
export function fenceAt({ text }: Row, pos: number): Leaf | undefined {
  const mark = text.charAt(pos);
  if (mark !== "`" && mark !== "~") return undefined;
  const end = runEnd(text, pos, (c) => c === mark);
  if (end - pos < 3 || (mark === "`" && text.includes("`", end))) return undefined;
  return { kind: "fence", mark, length: end - pos };
}

/** Does the line from `pos` close the fence? */
export function closes(row: Row, pos: number, fence: Extract<Leaf, { kind: "fence" }>): boolean {
  const blanks = indent(row, pos, 4);
  const end = runEnd(row.text, pos + blanks, (c) => c === fence.mark);
  return blanks < 4 && end - pos - blanks >= fence.length && isBlankFrom(row, end);
}

const RAW = ["script", "pre", "style", "textarea"];
const RAW_ENDS = RAW.map((name) => `</${name}>`);

const LONG_STARTS = [
  { start: "<!--", ends: ["-->"] },
  { start: "<?", ends: ["?>"] },
  { start: "<![CDATA[", ends: ["]]>"] },
] as const;

/** A block of HTML that opens at `pos` (CommonMark 0.31, section 4.6). */
export function htmlAt(row: Row, pos: number, inText: boolean): Leaf | undefined {
  const { text } = row;
  if (text.charAt(pos) !== "<") return undefined;
  const long = LONG_STARTS.find(({ start }) => text.startsWith(start, pos));
  if (long) return { kind: "html", ends: long.ends };
  if (text.charAt(pos + 1) === "!")
    return isLetter(text.charAt(pos + 2)) ? { kind: "html", ends: [">"] } : undefined;
  const ends = tagEnds(text, pos);
  if (ends || inText) return ends && { kind: "html", ends };
  const tag = tagAt(text, pos);
  return tag === "long" || (tag && isBlankFrom(row, tag.end)) ? { kind: "html", ends: [] } : undefined;
}

/** What ends the block that the name of a tag, even of an unfinished one, begins. */
function tagEnds(text: string, pos: number): readonly string[] | undefined {
  const isClosing = text.charAt(pos + 1) === "/";
  const start = pos + (isClosing ? 2 : 1);
  const stop = runEnd(text, start, (c) => !" />".includes(c));
  const name = text.slice(start, stop).toLowerCase();
  if (RAW.includes(name)) return isClosing || text.charAt(stop) === "/" ? undefined : RAW_ENDS;
  const isBroken = text.charAt(stop) === "/" && text.charAt(stop + 1) !== ">";
  return BLOCK_TAGS.has(name) && !isBroken ? [] : undefined;
}

export function htmlEnds({ text }: Row, pos: number, ends: readonly string[]): boolean {
  const rest = text.slice(pos).toLowerCase();
  return ends.some((end) => rest.includes(end.toLowerCase()));
}

/** `# a heading`. */
export function isHeading({ text }: Row, pos: number): boolean {
  const end = runEnd(text, pos, (c) => c === "#");
  return end > pos && end - pos <= 6 && (text.charAt(end) === " " || end === text.length);
}

/** `***`, `- - -`: a line across. */
export function isRule({ text, last }: Row, pos: number): boolean {
  const mark = text.charAt(pos);
  if (mark !== "*" && mark !== "-" && mark !== "_") return false;
  let marks = 0;
  for (let at = pos; at <= last; at += 1) {
    const c = text.charAt(at);
    if (c !== mark && c !== " ") return false;
    if (c === mark) marks += 1;
  }
  return marks >= 3;
}

/** `===` or `---` below a paragraph makes a heading of it. */
export function isUnderline(row: Row, pos: number, marks: string): boolean {
  const mark = row.text.charAt(pos);
  if (mark === "" || !marks.includes(mark)) return false;
  return isBlankFrom(
    row,
    runEnd(row.text, pos, (c) => c === mark),
  );
}

/** `|---|:-:|`: what may make a table of the line above it. */
export function isTableRow(text: string): boolean {
  const isMade = runEnd(text, 0, (c) => "|:- ".includes(c)) === text.length;
  return isMade && text.includes("-") && (text.includes("|") || text.includes(":"));
}
