import * as fc from "fast-check";
import { expect, test } from "vitest";
import { summedIn, withNewSums } from "../../../src/pipelines/service/sums.ts";
import { cases } from "../../fuzz.ts";

const [OLD, OLD512, NEW, NEW512] = ["a".repeat(64), "a".repeat(128), "c".repeat(64), "c".repeat(128)];
const moved = {
  was: "greet-1.0.tar.gz",
  file: "greet-1.1.tar.gz",
  url: "https://files.example/greet-1.1.tar.gz",
  digests: { sha256: NEW, sha512: NEW512 },
};
const now = (name: string, text: string) => [...withNewSums(new Map([[name, text]]), [moved])];

test.each([
  [`SHA512 (greet-1.0.tar.gz) = ${OLD512}\n`, `SHA512 (greet-1.1.tar.gz) = ${NEW512}\n`],
  [`${OLD}  greet-1.0.tar.gz\n`, `${NEW}  greet-1.1.tar.gz\n`],
  [`${OLD} *greet-1.0.tar.gz`, `${NEW} *greet-1.1.tar.gz`],
  [`\t${OLD.toUpperCase()}\tgreet-1.0.tar.gz\r\n# x`, `\t${NEW}\tgreet-1.1.tar.gz\r\n# x`],
  [`${OLD}  other\n${OLD}  greet-1.0.tar.gz`, `${OLD}  other\n${NEW}  greet-1.1.tar.gz`],
])("a line of `sources` about what moved gets its digest and name: %j", (before, after) => {
  expect(now("sources", before)).toEqual([["sources", after]]);
});

test.each([
  `MD5 (greet-1.0.tar.gz) = ${"a".repeat(32)}`,
  `SHA512 (greet-1.0.tar.gz.asc) = ${OLD512}`,
  OLD,
  `# ${OLD}  greet-1.0.tar.gz`,
  `${"g".repeat(64)}  greet-1.0.tar.gz`,
  "",
])("any other line stays: %j", (line) => {
  expect(now("sources", line)).toEqual([]);
  expect(summedIn(new Map([["sources", line]]), [moved])).toEqual([]);
});

test("a list that is about one file follows that file's name", () => {
  expect(now("greet-1.0.tar.gz.sha256", `${OLD}\n`)).toEqual([
    ["greet-1.0.tar.gz.sha256", undefined],
    ["greet-1.1.tar.gz.sha256", `${NEW}\n`],
  ]);
});

/** Old and new ones look alike. */
const plain = (text: string) => text.toLowerCase().replaceAll("c", "a").replaceAll("1.1", "1.0");

test("of any text nothing changes but digests and names of what moved", () => {
  const piece = fc.constantFrom(
    OLD,
    OLD512,
    " ",
    "  ",
    "*",
    "(",
    ") = ",
    "SHA256",
    "greet-1.0.tar.gz",
    "\n",
    "x",
  );
  const text = fc
    .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 12 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom("sources", "greet-1.0.tar.gz.sha512", "_service"), (before, name) => {
      const after = now(name, before).findLast(([, one]) => one !== undefined)?.[1] ?? before;
      expect(plain(after)).toBe(plain(before));
    }),
    { numRuns: cases() },
  );
});
