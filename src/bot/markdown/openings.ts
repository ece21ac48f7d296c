import { type Container, DEPTH_MAX, type Row, indent, isBlankFrom, opening } from "./containers.ts";
import { type Leaf, htmlAt, isRule, isUnderline } from "./leaves.ts";

/**
 * Opens what begins here; nothing where it nests too deep, or where parsers differ: in the lists that may follow
 * indented code, or a paragraph by way of a quote.
 */
export function openAll(
  row: Row,
  from: { readonly containers: readonly Container[]; readonly pos: number; readonly before: Leaf["kind"] },
): { containers: readonly Container[]; pos: number } | undefined {
  const containers = [...from.containers];
  let inText = from.before === "text";
  let { pos } = from;
  while (!isBlankFrom(row, pos)) {
    const blanks = indent(row, pos, 4);
    if (blanks === 4 || isRule(row, pos + blanks)) break;
    const opened = opening(row, pos, inText);
    if (!opened) break;
    if ((from.before === "text" || from.before === "code") && !opening(row, pos, true)) return undefined;
    containers.push(opened.container);
    ({ pos } = opened);
    inText = false;
    if (containers.length > DEPTH_MAX) return undefined;
  }
  return { containers, pos };
}

/** Tables and definitions look like paragraphs and are none, and the line may tell only of a paragraph what it is. */
export function isDoubtful(
  row: Row,
  pos: number,
  { text, isWhole }: { text: Extract<Leaf, { kind: "text" }>; isWhole: boolean },
): boolean {
  const blanks = indent(row, pos, 4);
  const start = pos + blanks;
  if (blanks === 4 || isRule(row, start)) return false;
  const isTag = htmlAt(row, start, false) !== undefined && htmlAt(row, start, true) === undefined;
  // A tag alone on a line goes on with a paragraph in a quote for some parsers, and ends it for others.
  if (!isWhole) return text.isTable || isTag;
  if (!text.isTable && !text.mayDefine) return false;
  return (
    isUnderline(row, start, "=-") ||
    (opening(row, pos, false) !== undefined && (text.isTable || opening(row, pos, true) === undefined)) ||
    isTag
  );
}
