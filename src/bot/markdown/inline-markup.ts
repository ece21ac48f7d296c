import { VEILS } from "./html-names.ts";
import { isLetter, runEnd, tagAt } from "./html-tags.ts";

/** What hides text from a glance: an element and how often it is open; or `rest`, markup that never ends. */
export type Veil = { readonly name: string; readonly depth: number } | "rest" | undefined;

/** Where the text goes on after a piece of markup, and what veils it from there. */
interface Next {
  readonly end: number;
  readonly veil: Veil;
}

/** Markup that is closed by a word of its own. */
const DECLARATIONS = [
  { start: "<!--", end: "-->" },
  { start: "<?", end: "?>" },
  { start: "<![CDATA[", end: "]]>" },
  { start: "<!", end: ">" },
] as const;

/** Past what begins with the `<` at `pos`; in a block of HTML (`isHtml`) a tag may end where Markdown sees no tag. */
export function pastAngle(
  text: string,
  pos: number,
  { veil, isHtml }: { readonly veil: Veil; readonly isHtml: boolean },
): Next {
  const declaration = DECLARATIONS.find(({ start }) => text.startsWith(start, pos));
  if (declaration) {
    // `<!-->` is a whole comment.
    const end = text.indexOf(declaration.end, pos + 2);
    return end < 0 ? { end: text.length, veil: "rest" } : { end: end + declaration.end.length, veil };
  }
  const tag = tagAt(text, pos);
  if (tag === "long") return { end: text.length, veil: "rest" };
  if (tag) return { end: tag.end, veil: veilAfter(tag, veil) };
  const isTag = isLetter(text.charAt(pos + 1)) || text.charAt(pos + 1) === "/";
  return { end: pos + 1, veil: isHtml && isTag ? "rest" : veil };
}

function veilAfter({ name, isClosing }: { name: string; isClosing: boolean }, veil: Veil): Veil {
  if (veil === "rest") return veil;
  if (!veil) return !isClosing && VEILS.has(name) ? { name, depth: 1 } : undefined;
  if (name !== veil.name) return veil;
  const depth = veil.depth + (isClosing ? -1 : 1);
  return depth === 0 ? undefined : { name, depth };
}

/** Finds the end of the code span that a run of backticks opens; to be asked from the front to the back. */
export function codeSpans(text: string): (open: { from: number; length: number }) => number | undefined {
  const runs: { start: number; length: number }[] = [];
  for (let pos = text.indexOf("`"); pos >= 0; pos = text.indexOf("`", pos)) {
    const end = runEnd(text, pos, isTick);
    runs.push({ start: pos, length: end - pos });
    pos = end;
  }
  const waiting = Map.groupBy(runs.toReversed(), ({ length }) => length);
  return ({ from, length }) => {
    const list = waiting.get(length) ?? [];
    while ((list.at(-1)?.start ?? from) < from) list.pop();
    const close = list.at(-1);
    return close && close.start + length;
  };
}

export const isTick = (c: string): boolean => c === "`";

/** Does a link's or image's part that is not shown end plainly on its line? If not, what follows may be part of it. */
export function endsPlainly(text: string, pos: number): boolean {
  const pair = text.slice(pos, pos + 2);
  const close = pair === "](" ? ")" : "]";
  if (pair !== "](" && pair !== "][" && pair !== "![") return true;
  const end = runEnd(text, pos + 2, (c) => c !== close && !UNPLAIN[pair].includes(c));
  return text.charAt(end) === close;
}

/** What may carry a link's part on past its first closing mark, or over a line end. */
const UNPLAIN = { "](": '\n\\ \t("<', "][": "\n\\[`<", "![": "\n\\[`<" } as const;
