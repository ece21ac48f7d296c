/** A tag of an XML text, with white space as single blanks. `name` in lower case; lines count from 1. */
export interface Tag {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

interface Span {
  readonly kind: "comment" | "tag" | "other";
  readonly start: number;
  readonly end: number;
}

/** Tags outside comments. */
export function tagsOf(text: string): readonly Tag[] {
  let line = 1;
  let seen = 0;
  const tags: Tag[] = [];
  for (const { kind, start, end } of spansOf(text)) {
    for (; seen < start; seen++) if (text.charAt(seen) === "\n") line++;
    if (kind === "tag") tags.push({ line, ...read(text.slice(start, end)) });
  }
  return tags;
}

/** The text with comments blanked; lines stay where they are. */
export function withoutComments(text: string): string {
  const pieces: string[] = [];
  let seen = 0;
  for (const { kind, start, end } of spansOf(text)) {
    if (kind !== "comment") continue;
    const lines = text.slice(start, end).split("\n").length - 1;
    pieces.push(text.slice(seen, start), "\n".repeat(lines));
    seen = end;
  }
  return [...pieces, text.slice(seen)].join("");
}

const OTHERS = [
  ["<!--", "-->", "comment"],
  ["<![CDATA[", "]]>", "other"],
  ["<?", "?>", "other"],
] as const;

/** Comments, tags and what must not be taken for them, in order and in linear time. */
function* spansOf(text: string): Generator<Span> {
  for (let start = text.indexOf("<"); start >= 0;) {
    const other = OTHERS.find(([open]) => text.startsWith(open, start));
    const end = other ? endAt(text, other[1], start + other[0].length) : endOfTag(text, start);
    yield { kind: other?.[2] ?? "tag", start, end };
    start = text.indexOf("<", end);
  }
}

/** What is never closed reaches to the end of the text. */
function endAt(text: string, close: string, from: number): number {
  const at = text.indexOf(close, from);
  return at < 0 ? text.length : at + close.length;
}

/** A `>` inside of quotes ends no tag. */
function endOfTag(text: string, start: number): number {
  let quote = "";
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === ">") return at + 1;
  }
  return text.length;
}

const BLANK = new Set([" ", "\t", "\n", "\r"]);

function read(tag: string): Omit<Tag, "line"> {
  const text = Array.from(tag, (char) => (BLANK.has(char) ? " " : char))
    .join("")
    .split(" ")
    .filter((word) => word !== "")
    .join(" ");
  let end = 1;
  while (end < text.length && !" />".includes(text.charAt(end))) end++;
  return { name: text.slice(1, end).toLowerCase(), text };
}
