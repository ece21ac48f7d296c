import * as fc from "fast-check";

/** What stands between all pieces of foreign text, so that it is found again wherever it comes out. */
export const MARK = "Qz7";

const NASTY = [
  ...Array.from("`|\n\r\t\\&$#@!<>[](){}*_~^:;'\"-+=./"),
  ...Array.from(
    "\u0000\u001b\u0085\u00ad\u061c\u180e\u200b\u200d\u200e\u202e\u2028\u2029\u2060\u2066\ufeff\udfff\ud800",
  ),
  "``",
  "```",
  "````text\n",
  "~~~",
  "\n```\n",
  "\n````\n",
  "\\`",
  "\\|",
  "\r\n",
  "\n\n",
  "\n# ",
  "\n> ",
  "\n- [ ] ",
  "\n1. ",
  "\n---\n",
  "\n===\n",
  "\n    ",
  "\n| a | b |\n|---|---|\n",
  "@everyone",
  "@acme/all",
  "#12",
  "acme/os#12",
  "GH-12",
  "0123456789abcdef0123456789abcdef01234567",
  "www.evil.example",
  "_www.evil.example",
  "https://evil.example/",
  "ftp://evil.example",
  "a@evil.example",
  "mailto:a@evil.example",
  "xmpp:a@evil.example",
  "<https://evil.example>",
  "[x](https://evil.example)",
  "![x](https://evil.example)",
  "[x]: https://evil.example",
  "[^1]",
  "\n[^1]: y",
  "<details>",
  "<!--",
  "-->",
  "<!-- millwright:sticky -->",
  "</code></pre>",
  "<img src=x>",
  "&lt;b&gt;",
  "&#96;",
  "&#x60;",
  ":tada:",
  "$`x`$",
  "**b**",
  "~~s~~",
  "${x}",
  "$(x)",
  "\u{1f600}",
  "\u{e0041}",
  "x".repeat(99),
] as const;

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
);

/** Text of a stranger's choice, of any size from a name to a page. */
export const foreign: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 60, arbitrary: fc.array(piece, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(piece, { minLength: 20, maxLength: 50 }) },
  )
  .map((pieces) => `${MARK}${pieces.join(MARK)}${MARK}`);
