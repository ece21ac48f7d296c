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
function isPlain(c: string): boolean {
  const code = c.codePointAt(0) ?? 0;
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
  const isEmbedding = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  const isMark = code === 0x061c || code === 0x200e || code === 0x200f;
  return !isControl && !isEmbedding && !isMark;
}
