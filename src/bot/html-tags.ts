/** A tag that stands at `pos` (CommonMark 0.31, section 6.6): its name, and where the text goes on after it. */
export interface Tag {
  readonly name: string;
  readonly isClosing: boolean;
  readonly end: number;
}

/** Longer tags are not looked at to their end. */
const TAG_MAX = 2000;

/** Reads the tag at `pos`, where a `<` stands; nothing where Markdown sees none. */
export function tagAt(text: string, pos: number): Tag | undefined {
  const isClosing = text.charAt(pos + 1) === "/";
  const start = pos + (isClosing ? 2 : 1);
  if (!isLetter(text.charAt(start))) return undefined;
  const stop = runEnd(text, start, isNameChar);
  const name = text.slice(start, stop).toLowerCase();
  const end = isClosing ? skipBlank(text, stop) : attributesEnd(text, stop);
  if (end === undefined || text.charAt(end) !== ">") return undefined;
  return { name, isClosing, end: end + 1 };
}

/** Past the attributes and an empty tag's slash, where `>` must stand. */
function attributesEnd(text: string, from: number): number | undefined {
  let pos = from;
  for (;;) {
    const next = skipBlank(text, pos);
    if (next - from > TAG_MAX) return undefined;
    if (text.charAt(next) === "/") return next + 1;
    if (next === pos || !isAttributeStart(text.charAt(next))) return next;
    const valueFrom = runEnd(text, next, isAttributeChar);
    const value = skipBlank(text, valueFrom);
    const end = text.charAt(value) === "=" ? valueEnd(text, skipBlank(text, value + 1)) : valueFrom;
    if (end === undefined) return undefined;
    pos = end;
  }
}

function valueEnd(text: string, pos: number): number | undefined {
  const quote = text.charAt(pos);
  if (quote === '"' || quote === "'") {
    const end = text.slice(pos + 1, pos + 1 + TAG_MAX).indexOf(quote);
    return end < 0 ? undefined : pos + 1 + end + 1;
  }
  const end = runEnd(text, pos, (c) => !" \t\n\"'=<>`".includes(c));
  return end === pos ? undefined : end;
}

/** Where the run of such characters ends that begins at `pos`. */
export function runEnd(text: string, pos: number, is: (c: string) => boolean): number {
  let end = pos;
  while (end < text.length && is(text.charAt(end))) end += 1;
  return end;
}

const skipBlank = (text: string, pos: number): number => runEnd(text, pos, (c) => " \t\n".includes(c));

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
export const isLetter = (c: string): boolean => c !== "" && LETTERS.includes(c);
export const isDigit = (c: string): boolean => c !== "" && DIGITS.includes(c);
const isNameChar = (c: string): boolean => isLetter(c) || isDigit(c) || c === "-";
const isAttributeStart = (c: string): boolean => isLetter(c) || c === "_" || c === ":";
const isAttributeChar = (c: string): boolean => isAttributeStart(c) || isDigit(c) || c === "." || c === "-";
