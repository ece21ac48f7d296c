import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandLines } from "../../../src/bot/commands/lines.ts";
import { cases } from "../../fuzz.ts";
import { buildLines, hostileComment, isPlainText, plainComment } from "../comment-samples.ts";
import { looksAt } from "../count-looks.ts";

describe("a line is a command where a person sees it as the writer's own plain text", () => {
  test.each([
    ["/build"],
    ["/build \t "],
    ["   /build"],
    ["Thanks!\n/build\nand have a nice day"],
    ["Thanks!\r\n\r\n/build\r\n"],
    ["```\ncode\n```\n/build"],
    ["~~~~\n```\n~~~\n~~~~~ \n/build"],
    ["``` not `code`\n/build"],
    ["- ```\n  code\n  ```\n/build"],
    ["- an unclosed fence ends with its item\n- ```\n\n/build"],
    ["> quoted\n\n/build"],
    ["> ```\n/build"],
    ["> # heading\n/build"],
    ["- one\n- two\n/build"],
    ["- one\n\n  /build"],
    ["    code\n/build"],
    ["<!-- hidden -->\n/build"],
    ["<!--\n\n/retry\n\n-->\n/build"],
    ["<details>\n\n/retry\n\n</details>\n\n/build"],
    ["<pre>\n/retry\n\n/retry\n</pre>\n/build"],
    ["see <https://example.org> and <b>this</b>\n/build"],
    ["it is <3 and a < b\n/build"],
    ["see `a` and ``b ` c`` and a lone `\n/build"],
    ["see [this](https://example.org/x?y#z) and ![that](a.png)\n/build"],
    ["[1] is right\n/build"],
    ["/build\n-- \nsent from a mailer"],
    ["| a |\n|---|\n| 1 |\n\n/build"],
    ["[a]: https://example.org\n\n/build"],
  ])("%j: one is read", (body) => {
    expect(commandLines(body)).toEqual(["/build"]);
  });

  test.each([
    ["say /build to build"],
    ["\t/build"],
    ["    /build"],
    ["`/build`"],
    ["- /build"],
    ["# /build"],
    ["**/build**"],
    ["\\/build"],
    ["//build"],
    ["/ build"],
    ["> /build"],
    [">/build"],
    ["> quoted\n/build"],
    ["> - quoted\n/build"],
    ["- > quoted\n/build"],
    ["> > quoted\n> /build"],
    ["```\n/build\n```"],
    ["```\n/build"],
    ["```\n\n/build\n~~~"],
    ["````\n```\n/build\n````"],
    ["```\n``` text\n/build"],
    ["```\n    ```\n/build"],
    ["~~~ `x`\n/build\n~~~"],
    ["text\n```\n/build\n```"],
    ["- ```\n  /build\n  ```"],
    ["-\n\n  ```\n/build"],
    ["```\n- ```\n/build"],
    ["<!-- \n/build\n-->"],
    ["<!--\n\n/build\n\n-->"],
    ["text <!--\n/build\n-->"],
    ["> <!--\n\n/build"],
    ["<div><!--\n\n/build\n\n--></div>"],
    ["<pre>\n/build\n</pre>"],
    ["<PRE>\n\n/build\n\n</PRE>"],
    ["<div><pre>\n\n/build\n\n</pre></div>"],
    ["<details>\n/build\n</details>"],
    ["<details><summary>log</summary>\n\n/build\n\n</details>"],
    ["<details><details>\n\n</details>\n\n/build"],
    ["<blockquote>\n\n/build\n\n</blockquote>"],
    ["text <code>\n/build\n</code>"],
    ["<div>\n/build\n</div>"],
    ['<div title="\n\n/build\n\n">'],
    ['text <a title="\n/build\n">'],
    ["text `\n/build\n`"],
    ["text ``\n` /build\n/build\n``"],
    ['[x](y "\n/build\n")'],
    ['[x](y ")\n/build\n")'],
    ["[x](\n/build\n)"],
    ["text [x][\n/build\n]\n\n[ /build ]: x"],
    ["![\n/build\n](x)"],
    ["[a]:\n/build"],
    ["[a]: x '\n/build\n'"],
    ["[^1]: note\n/build"],
    ["[^1]: a\n\n    > b\n/build"],
    ["| a |\n|---|\n/build"],
    ["> | a |\n> |---|\n/build"],
    ["> a\n</pre>\n````\n\n/build"],
    ["- a\n<x>\n````\n\n/build"],
  ])("%j: none is read", (body) => {
    expect(commandLines(body)).toEqual([]);
  });
});

test("a comment of more than 64 KiB is not read, and one of 64 KiB is", () => {
  const filler = "x".repeat(64 * 1024 - "/build\n".length);
  expect(commandLines(`/build\n${filler}`)).toEqual(["/build"]);
  expect(commandLines(`/build\n${filler}x`)).toEqual([]);
});

/** Numbers the commands, so that each can be told from its like. */
const numbered = (body: string): string => {
  let count = 0;
  return body.replaceAll("/build", () => `/build${count++}`);
};

/** The other reader lets no list begin at 2, nor an empty item, where indented code stands above; GitHub's does. */
const OTHERWISE = /^[ >]*( {4}|\t).*\n([ >]*\n)*[ >]*(\d+[.)]|[-+*] *$)/m;

test("whatever surrounds it, a line that is read is plain text to another reader of Markdown", () => {
  let read = 0;
  fc.assert(
    fc.property(hostileComment.map(numbered), (body) => {
      fc.pre(!OTHERWISE.test(body));
      const isPlain = isPlainText(body);
      const plain = buildLines(body).filter(({ at }) => isPlain(at));
      const lines = commandLines(body);
      expect(plain.map(({ line }) => line)).toEqual(expect.arrayContaining([...lines]));
      read += lines.length;
    }),
    { numRuns: cases() },
  );
  expect(read).toBeGreaterThan(cases() / 10);
});

test("without links, tags, inline code and tables, every line that is plain text to another reader is read", () => {
  fc.assert(
    fc.property(plainComment.map(numbered), (body) => {
      fc.pre(!OTHERWISE.test(body));
      const isPlain = isPlainText(body);
      const plain = buildLines(body).filter(({ at }) => isPlain(at));
      expect(commandLines(body)).toEqual(plain.map(({ line }) => line));
    }),
    { numRuns: cases() },
  );
});

test("no text makes the reading throw, and what it gives are whole lines of it", () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom("/build", "\n", "\r", "\t", "`", "<", ">", "[", "\0"),
      fc.string({ unit: "binary" }),
    ),
  );
  fc.assert(
    fc.property(text, (pieces) => {
      const body = pieces.join("");
      const whole = new Set(body.split(/[\r\n]/).map((line) => line.trim()));
      expect(commandLines(body).filter((line) => !whole.has(line))).toEqual([]);
    }),
    { numRuns: cases() },
  );
});

test("text in a fence or a quote is never read", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("/build", "text", "", "~~~", "<!--", "- x", "> /build")),
      (lines) => {
        expect(commandLines(["```", ...lines, "```"].join("\n"))).toEqual([]);
        expect(commandLines(lines.map((line) => `> ${line}`).join("\n"))).toEqual([]);
      },
    ),
  );
});

describe("twice the text takes at most twice the looks, and a few", () => {
  test("deep lists over many blank lines", () => {
    const of = (half: number) =>
      looksAt(() => commandLines(`${"- ".repeat(half)}a\n${"\n".repeat(half)}`.repeat(2)));
    expect(of(4000)).toBeLessThan(2.5 * of(2000));
    expect(of(4000)).toBeLessThan(64 * 8000);
  });

  const HALF = 2048;
  test.each([
    ["/build\n"],
    ["text\n"],
    ["> "],
    [">"],
    ["- "],
    ["* * * a\n"],
    ["-\n\n"],
    ["- a\n\n\n"],
    ["1. a\n  "],
    ["`"],
    ["` `` ``` ```` "],
    ["\\`"],
    ["```\n"],
    ["~"],
    ["<"],
    ["<a "],
    ["<a b='"],
    ["<a b=\"<a c='"],
    ['<a x=\'" c="'],
    ["text <?"],
    ["<!--\n"],
    ["<![CDATA["],
    ["<div\n"],
    ["<details>\n\n"],
    ["["],
    ["[a]: "],
    ["[a]: x\n"],
    ["]("],
    ["](a "],
    ["]["],
    ["!["],
    ["[^"],
    ["[^a]:"],
    ["|-"],
    ["|a|\n|-|\n"],
    ["\t"],
    [" "],
    ["#"],
    ["-"],
    ["- - "],
    ["\r"],
  ])("%j over and over", (piece) => {
    for (const before of ["", "text ", "- ".repeat(40), "> ".repeat(40)]) {
      const once = looksAt(() => commandLines(before + piece.repeat(HALF / piece.length)));
      const twice = looksAt(() => commandLines(before + piece.repeat((2 * HALF) / piece.length)));
      expect(twice).toBeLessThan(2.5 * once + 1000);
    }
  });
});
