import { type Row, indent, isBlankFrom } from "./containers.ts";
import {
  type Leaf,
  fenceAt,
  htmlAt,
  htmlEnds,
  isHeading,
  isRule,
  isTableRow,
  isUnderline,
} from "./leaves.ts";

/** How things stand after a line, and what it is part of: a new block, or the one before it. */
export interface Outcome {
  readonly leaf: Leaf;
  readonly part?: { readonly kind: "text" | "html"; readonly isNew: boolean; readonly from: number };
}

export const NONE: Leaf = { kind: "none" };

type Text = Extract<Leaf, { kind: "text" }>;

/** Does a leaf begin here that ends a paragraph whose marks the line lacks? */
export function startsLeaf(row: Row, pos: number): boolean {
  const blanks = indent(row, pos, 4);
  const start = pos + blanks;
  return (
    blanks < 4 &&
    (fenceAt(row, start) !== undefined ||
      htmlAt(row, start, false) !== undefined ||
      isHeading(row, start) ||
      isRule(row, start))
  );
}

/** What the line is from `pos` on, inside its containers; `before` is the paragraph that it may go on with. */
export function leafAt(row: Row, pos: number, before: Text | undefined): Outcome {
  const blanks = indent(row, pos, 4);
  const start = pos + blanks;
  if (isBlankFrom(row, pos)) return { leaf: NONE };
  if (blanks === 4) return before ? paragraph(row, { before, from: pos }) : { leaf: { kind: "code" } };
  const fence = fenceAt(row, start);
  if (fence) return { leaf: fence };
  const leaf = htmlAt(row, start, before !== undefined);
  if (leaf) return html(row, { leaf, from: start, isNew: true });
  if (isHeading(row, start)) return { leaf: NONE, part: { kind: "text", isNew: true, from: start } };
  if (isRule(row, start) || (before && isUnderline(row, start, "=-"))) return { leaf: NONE };
  return paragraph(row, { before, from: start });
}

/** A line of a paragraph. */
export function paragraph(
  row: Row,
  { before, from }: { readonly before: Text | undefined; readonly from: number },
): Outcome {
  return {
    leaf: {
      kind: "text",
      mayDefine: before ? before.mayDefine : row.text.charAt(from) === "[",
      isTable: (before?.isTable ?? false) || (before !== undefined && isTableRow(row.text.slice(from))),
    },
    part: { kind: "text", isNew: !before, from },
  };
}

/** A line of a block of HTML. */
export function html(
  row: Row,
  { leaf, from, isNew }: { readonly leaf: Leaf; readonly from: number; readonly isNew: boolean },
): Outcome {
  if (leaf.kind !== "html") return { leaf };
  if (leaf.ends.length === 0 && isBlankFrom(row, from)) return { leaf: NONE };
  return { leaf: htmlEnds(row, from, leaf.ends) ? NONE : leaf, part: { kind: "html", isNew, from } };
}
