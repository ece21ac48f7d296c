/** Foreign text as inline code: no backtick, pipe or line end of it survives. */
export function code(text: string): string {
  const plain = Array.from(text, (c) => (isPlain(c) ? c : " "))
    .join("")
    .replaceAll("`", "'")
    .replaceAll("|", "¦");
  return `\`${plain === "" ? " " : plain}\``;
}

/** Foreign text as inline code to the letter, for where it stands in no table: what a shell would run is not retouched. */
export function verbatim(text: string): string {
  const plain = Array.from(text, (c) => (isPlain(c) ? c : " ")).join("");
  if (!plain.includes("`")) return `\`${plain === "" ? " " : plain}\``;
  const bar = "`".repeat(longestRun(plain) + 1);
  return `${bar} ${plain} ${bar}`;
}

/** Foreign text as a block: the fence is longer than any run of backticks in it. */
export function fence(text: string): string {
  const bar = "`".repeat(Math.max(3, longestRun(text) + 1));
  const plain = Array.from(text, (c) => (isPlain(c) || c === "\n" ? c : " ")).join("");
  return `${bar}text\n${plain}\n${bar}`;
}

function longestRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (const c of text) {
    run = c === "`" ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** A link with words of ours; no character of the address can end it or the cell that it stands in. */
export const link = (words: string, url: string): string =>
  `[${words}](${Array.from(url.toWellFormed(), addressed).join("")})`;

function addressed(c: string): string {
  if (c === "&") return "&amp;";
  if (ADDRESS.has(c)) return c;
  const bytes = Array.from(new TextEncoder().encode(c));
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
}

const ADDRESS = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$'*+,;=%");

/** Not a control character or line end, nor one that cannot be seen or turns the direction of text around. */
export function isPlain(c: string): boolean {
  const code = c.codePointAt(0) ?? 0;
  return !UNPLAIN.some(([first, last]) => code >= first && code <= last);
}

const UNPLAIN = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
] as const;
