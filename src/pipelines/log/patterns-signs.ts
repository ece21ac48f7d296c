/** What went wrong, in a word. */
export const KINDS = [
  "spec",
  "dependencies",
  "sources",
  "patch",
  "configure",
  "compiler",
  "linker",
  "command",
  "exception",
  "files",
  "tests",
  "image",
  "memory",
  "disk",
  "network",
  "crash",
  "conflict",
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * How much a line says: a `cause` names what went wrong, a `complaint` may have been about something that
 * did no harm, an `echo` only passes on that something failed.
 */
export interface Meaning {
  readonly says: "cause" | "complaint" | "echo";
  readonly kind?: Kind;
}

/** By what a line is known: all that is given must fit. `is` also sees the line below. */
export interface Sign extends Meaning {
  readonly start?: string;
  readonly has?: string;
  readonly end?: string;
  readonly is?: (line: string, next: string) => boolean;
}

type Text = "start" | "has" | "end";

/** One sign for each text, all of one meaning. */
export const signs = (meaning: Meaning, at: Text, texts: readonly string[]): readonly Sign[] =>
  texts.map((text) => ({ ...meaning, [at]: text }));

export const isDigit = (c: string | undefined): boolean => c !== undefined && c >= "0" && c <= "9";

/** The number that starts at `at`, and where it ends. */
export function numberAt(
  text: string,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  let end = at;
  while (end < at + 9 && isDigit(text[end])) end++;
  return end > at ? { value: Number(text.slice(at, end)), end } : undefined;
}
