/** Any text as one word for sh. A NUL, which no word can hold, is left out. */
export const quoted = (text: string): string =>
  `'${text.replaceAll("\0", "").replaceAll("'", String.raw`'\''`)}'`;
