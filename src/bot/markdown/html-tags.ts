/** A tag (CommonMark 0.31, section 6.6): its name, and where the text goes on after it. */
export interface Tag {
  readonly name: string;
  readonly isClosing: boolean;
  readonly end: number;
}

/** Longer tags are not looked at to their end, so that many unfinished ones take no more than linear time. */
const TAG_MAX = 512;

/** Reads the tag at `pos`, where a `<` stands; nothing where Markdown sees none, `long` where it would take too long. */
export function tagAt(text: string, pos: number): Tag | "long" | undefined {
  const piece = text.slice(pos, pos + TAG_MAX);
  const isClosing = piece.charAt(1) === "/";
  const start = isClosing ? 2 : 1;
  if (!isLetter(piece.charAt(start))) return undefined;
  const stop = runEnd(piece, start, isNameChar);
  const end = isClosing ? skipBlank(piece, stop) : attributesEnd(piece, stop);
  if (end === TAG_MAX) return "long";
  if (piece.charAt(end) !== ">") return undefined;
  return { name: piece.slice(start, stop).toLowerCase(), isClosing, end: pos + end + 1 };
}

/** Past the attributes and an empty tag's slash, where `>` must stand. */
function attributesEnd(text: string, from: number): number {
  let pos = from;
  for (;;) {
    const next = skipBlank(text, pos);
    if (text.charAt(next) === "/") return next + 1;
    if (next === pos || !isAttributeStart(text.charAt(next))) return next;
    const nameEnd = runEnd(text, next, isAttributeChar);
    const equals = skipBlank(text, nameEnd);
    const hasValue = text.charAt(equals) === "=";
    pos = hasValue ? valueEnd(text, skipBlank(text, equals + 1)) : nameEnd;
    if (pos < 0) return pos;
  }
}

/** -1 where no value stands. */
function valueEnd(text: string, pos: number): number {
  const quote = text.charAt(pos);
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, pos + 1);
    return end < 0 ? text.length : end + 1;
  }
  const end = runEnd(text, pos, (c) => !" \t\n\"'=<>`".includes(c));
  return end === pos && end < text.length ? -1 : end;
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
