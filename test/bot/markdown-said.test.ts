import type { Nodes } from "mdast";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shorten } from "../../src/bot/shorten.ts";
import { cutShort } from "../../src/bot/words/cut-short.ts";
import { cases } from "../fuzz.ts";
import { said } from "./foreign-words.ts";
import { faults, parsed } from "./markdown-seen.ts";

const share = Math.ceil(cases() / Object.keys(said).length);

describe("foreign text means nothing, wherever it comes from, in", () => {
  test.each(Object.entries(said))("%s", (_, texts) => {
    const perCase = fc.sample(texts, 1)[0]?.length ?? 1;
    fc.assert(
      fc.property(texts, (all) => {
        for (const text of all) expect(faults(text)).toEqual([]);
      }),
      { numRuns: Math.ceil(share / perCase) },
    );
  });
});

const isNote = (node: Nodes | undefined): boolean =>
  node?.type === "paragraph" && node.children[0]?.type === "text" && node.children[0].value === cutShort;

test("nor does it when it is cut to any size", () => {
  const all = fc.oneof(...Object.values(said)).map((texts) => texts.join("\n\n"));
  fc.assert(
    fc.property(all, fc.integer({ min: 60, max: 6000 }), (text, max) => {
      const short = shorten(text, max);
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(max);
      expect(faults(short)).toEqual([]);
      // Nothing is left open that would swallow what follows.
      expect(short === text || isNote(parsed(short).children.at(-1))).toBe(true);
    }),
    { numRuns: Math.ceil(cases() / 10) },
  );
});
