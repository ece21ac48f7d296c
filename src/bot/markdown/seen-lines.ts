import { runEnd } from "./html-tags.ts";
import { type Veil, codeSpans, endsPlainly, isTick, pastAngle } from "./inline-markup.ts";
import { isTableRow } from "./leaves.ts";
import { type Block, type Line, blocksOf } from "./blocks.ts";

/** The lines of a comment that a person sees as the writer's plain text: no quote, code, HTML, nothing folded away. */
export function seenLines(body: string): readonly string[] {
  const seen: string[] = [];
  let veil: Veil;
  for (const block of blocksOf(body)) {
    const text = block.lines.map((line) => line.text).join("\n");
    const reading: Reading = block.kind === "html" ? readHtml(text, veil) : readText(text, veil);
    // An element that opens in a quote ends with it; a comment does not.
    if (!block.isQuoted || reading.veil === "rest") ({ veil } = reading);
    if (isOwnText(block, text)) seen.push(...linesAt(block.lines, reading.open));
  }
  return seen;
}

/** Not a quote, and not what may be a table or the definition of a link, which is not shown. */
function isOwnText({ kind, isQuoted, lines }: Block, text: string): boolean {
  if (kind !== "text" || isQuoted) return false;
  return !(text.startsWith("[") && text.includes("]:")) && !lines.some(({ text }) => isTableRow(text));
}

function linesAt(lines: readonly Line[], open: ReadonlySet<number>): readonly string[] {
  const seen: string[] = [];
  let start = 0;
  for (const { raw, text } of lines) {
    if (open.has(start)) seen.push(raw);
    start += text.length + 1;
  }
  return seen;
}

/** The places where a line begins in the open, and the veil that is left at the end. */
interface Reading {
  readonly open: ReadonlySet<number>;
  readonly veil: Veil;
}

function readHtml(text: string, before: Veil): Reading {
  let veil = before;
  for (let pos = text.indexOf("<"); pos >= 0; pos = text.indexOf("<", pos)) {
    ({ veil, end: pos } = pastAngle(text, pos, { veil, isHtml: true }));
  }
  return { open: new Set(), veil };
}

function readText(text: string, before: Veil): Reading {
  const spanEnd = codeSpans(text);
  const open = new Set<number>(before ? [] : [0]);
  let veil = before;
  let isHidden = false;
  let pos = 0;
  while (pos < text.length) {
    const c = text.charAt(pos);
    if (c === "\\") pos += 2;
    else if (c === "`") {
      const from = runEnd(text, pos, isTick);
      pos = spanEnd({ from, length: from - pos }) ?? from;
    } else if (c === "<") ({ veil, end: pos } = pastAngle(text, pos, { veil, isHtml: false }));
    else {
      isHidden ||= !endsPlainly(text, pos);
      pos += 1;
    }
    if (!veil && !isHidden && text.charAt(pos - 1) === "\n") open.add(pos);
  }
  return { open, veil };
}
