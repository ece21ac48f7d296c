import { type Container, type Row, goOn, isBlankFrom } from "./containers.ts";
import { type Leaf, closes } from "./leaves.ts";
import { isDoubtful, openAll } from "./openings.ts";
import { NONE, type Outcome, html, leafAt, paragraph, startsLeaf } from "./parts.ts";

/** A line as it was typed, and what is left of it inside its lists and quotes. */
export interface Line {
  readonly raw: string;
  readonly text: string;
}

/** Lines that are one piece of text or of raw HTML; code is left out. */
export interface Block {
  readonly kind: "text" | "html";
  /** In a quote or a footnote. */
  readonly isQuoted: boolean;
  readonly lines: readonly Line[];
}

interface State {
  readonly containers: readonly Container[];
  readonly leaf: Leaf;
}

type Step = Outcome & State;

/**
 * The text and HTML of a comment by Markdown's rules for blocks (CommonMark, GitHub's tables and footnotes). Where
 * parsers may differ, it ends there: what follows is not read.
 */
export function blocksOf(body: string): readonly Block[] {
  const blocks: { kind: Block["kind"]; isQuoted: boolean; lines: Line[] }[] = [];
  let state: State = { containers: [], leaf: NONE };
  for (const raw of body.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n")) {
    const row = rowOf(raw);
    const step = stepOver(state, row);
    if (!step) return blocks;
    const { part, containers } = step;
    if (part?.isNew) {
      blocks.push({ kind: part.kind, isQuoted: containers.some(({ kind }) => kind !== "item"), lines: [] });
    }
    if (part) blocks.at(-1)?.lines.push({ raw, text: row.text.slice(part.from) });
    state = step;
  }
  return blocks;
}

function rowOf(raw: string): Row {
  let text = raw;
  if (raw.includes("\t")) {
    text = "";
    for (const [at, piece] of raw.split("\t").entries()) {
      text += at === 0 ? piece : " ".repeat(4 - (text.length % 4)) + piece;
    }
  }
  let last = text.length - 1;
  while (last >= 0 && text.charAt(last) === " ") last -= 1;
  return { text, last };
}

/** Nothing is returned where it is in doubt how Markdown goes on. */
function stepOver({ containers, leaf }: State, row: Row): Step | undefined {
  const { matched, pos } = goOn(row, containers);
  const isWhole = matched === containers.length;
  if (isWhole && leaf.kind === "fence") return { containers, leaf: closes(row, pos, leaf) ? NONE : leaf };
  if (isWhole && leaf.kind === "html") return { containers, ...html(row, { leaf, from: pos, isNew: false }) };
  const kept = containers.slice(0, matched);
  if (isBlankFrom(row, pos)) return { containers: kept, leaf: NONE };
  return afresh(row, { containers: kept.map(filled), was: containers, pos, leaf });
}

interface Place {
  /** Those that go on in this line, of all that there were. */
  readonly containers: readonly Container[];
  readonly was: readonly Container[];
  readonly pos: number;
  readonly leaf: Leaf;
}

/** A line that does not go on with code or HTML. */
function afresh(row: Row, place: Place): Step | undefined {
  const { containers, was, pos, leaf } = place;
  const text = leaf.kind === "text" ? leaf : undefined;
  const isWhole = containers.length === was.length;
  if (text && isDoubtful(row, pos, { text, isWhole })) return undefined;
  const open = openAll(row, { containers, pos, before: isWhole ? leaf.kind : "none" });
  if (!open) return undefined;
  if (!text || open.containers.length > containers.length) {
    return { containers: open.containers, ...leafAt(row, open.pos, undefined) };
  }
  // Lazy: the paragraph goes on without the marks of what it stands in.
  if (!isWhole && !startsLeaf(row, pos)) {
    return { containers: was, ...paragraph(row, { before: text, from: pos }) };
  }
  return { containers, ...leafAt(row, pos, isWhole ? text : undefined) };
}

const filled = (container: Container): Container =>
  container.kind === "quote" ? container : { ...container, isBare: false };
