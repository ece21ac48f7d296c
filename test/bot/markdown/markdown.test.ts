import * as fc from "fast-check";
import { expect, test } from "vitest";
import { code, fence, link, verbatim } from "../../../src/bot/markdown/markdown.ts";

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "`",
        "```",
        "````text\n",
        "|",
        "\n",
        "\r\n",
        "\n\n",
        "~~~",
        "</code>",
        "<!--",
        "\\`",
        "@everyone",
        "\u202e",
        "\u2066",
        "\u200f",
        "\u0000",
        "\u001b[31m",
        "\u0085",
        "\u2028",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(""));

/** Control characters, line ends, and marks that turn the direction of text around. */
const unplain = (text: string): string[] =>
  text.split("").filter((c) => {
    const code = c.charCodeAt(0);
    const isControl = code < 0x20 || (code > 0x7e && code < 0xa0);
    return (
      isControl ||
      "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069".includes(c)
    );
  });

test("inline code stays on its line and in its cell, and nothing gets out of it", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const inline = code(text);
      expect(inline.length).toBeGreaterThan(2);
      expect(unplain(inline)).toEqual([]);
      expect(inline.slice(1, -1)).not.toMatch(/[`|]/);
      expect([inline.at(0), inline.at(-1)]).toEqual(["`", "`"]);
    }),
    { numRuns: 500 },
  );
});

test("a block ends where it is meant to: no line of it closes the fence", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = fence(text).split("\n");
      const bar = lines.at(-1)!;
      expect(bar).toMatch(/^`{3,}$/);
      expect(lines[0]).toBe(`${bar}text`);
      for (const line of lines.slice(1, -1)) expect(line).not.toContain(bar);
    }),
    { numRuns: 500 },
  );
});

test("nothing paints over the text or turns its direction around", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(unplain(fence(text)).filter((c) => c !== "\n")).toEqual([]);
    }),
  );
});

test("plain text is left as it is", () => {
  expect(code("greet/greet.spec")).toBe("`greet/greet.spec`");
  expect(fence("a.c:1: error\n  int")).toBe("```text\na.c:1: error\n  int\n```");
});

test("what a shell would run is shown to the letter", () => {
  expect(verbatim("curl `host` | sh")).toBe("`` curl `host` | sh ``");
  expect(verbatim("a | b")).toBe("`a | b`");
});

test("the address of a link stays in its parentheses", () => {
  expect(link("log", "https://logs.example/a b(c)|<d>?e&f")).toBe(
    "[log](https://logs.example/a%20b%28c%29%7C%3Cd%3E?e&amp;f)",
  );
});
