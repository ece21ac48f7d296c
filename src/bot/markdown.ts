/** Foreign text as inline code: no backtick, pipe or line end of it survives. */
export function code(text: string): string {
  const plain = Array.from(text, (c) => (isPlain(c) ? c : " "))
    .join("")
    .replaceAll("`", "'")
    .replaceAll("|", "¦");
  return `\`${plain === "" ? " " : plain}\``;
}

/** Foreign text as a block: the fence is longer than any run of backticks in it. */
export function fence(text: string): string {
  let longest = 0;
  let run = 0;
  for (const c of text) {
    run = c === "`" ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  const bar = "`".repeat(Math.max(3, longest + 1));
  const plain = Array.from(text, (c) => (isPlain(c) || c === "\n" ? c : " ")).join("");
  return `${bar}text\n${plain}\n${bar}`;
}

/** Not a control character or line end, nor one that turns the direction of text around. */
export function isPlain(c: string): boolean {
  const code = c.codePointAt(0) ?? 0;
  return !UNPLAIN.some(([first, last]) => code >= first && code <= last);
}

const UNPLAIN = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
] as const;
