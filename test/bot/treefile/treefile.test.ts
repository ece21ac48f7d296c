import { readFileSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTreefile } from "../../../src/bot/treefile/treefile.ts";
import { expandTree } from "../../../src/bot/treefile/expand.ts";
import { cases } from "../../fuzz.ts";
import { goldenOf, jobsOf, treefiles } from "../treefile-jobs.ts";

const treeOf = (files: Readonly<Record<string, string>>, path = "tree.yaml") =>
  expandTree(path, {
    arch: "x86_64",
    files: new Map(Object.entries(files).map(([name, text]) => [name, readTreefile(text)])),
  });

describe("a treefile becomes jobs", () => {
  test("there are treefiles of ten shapes and more", () => {
    expect(treefiles.length).toBeGreaterThanOrEqual(10);
  });

  test.each(treefiles)("%s becomes the jobs of its golden list", (name) => {
    const jobs = jobsOf(name);
    if (process.env["MILLWRIGHT_GOLDEN"] === "write") writeFileSync(goldenOf(name), jobs);
    expect(jobs).toBe(readFileSync(goldenOf(name), "utf8"));
  });
});

const start = "ref: a/b\npackages: [bash]\n";

describe("what is wrong in a treefile is told with its line", () => {
  test.each([
    ["no ref", "packages: [bash]\n", 1, "A treefile needs a ref."],
    ["no packages", "ref: a/b\npackages:\n", 1, "A treefile needs packages."],
    ["a ref that is none", "packages: [bash]\nref: ../b\n", 2, "../b is no name for a ref."],
    ["an unknown variable", "packages: [bash]\nref: a/${arch}\n", 2, "The variable arch has no value here."],
    [
      "an option for a package",
      `${start}packages-x86_64:\n  - --root=/\n`,
      4,
      "--root=/ begins with a dash: no package is called so.",
    ],
    ["a list for a word", `${start}releasever: [9]\n`, 3, "releasever: a word or a number is expected here."],
    ["a word for a list", "ref: a/b\npackages: bash\n", 2, "packages: a list of words is expected here."],
    [
      "a list in a list",
      "ref: a/b\npackages:\n  - bash\n  - [a, b]\n",
      4,
      "packages: a word or a number is expected here.",
    ],
    ["a key twice", `${start}ref: c/d\n`, 3, "ref stands here for the second time."],
    [
      "another file that is not there",
      `${start}include: ../../etc/passwd\n`,
      3,
      "../../etc/passwd is not in the repository.",
    ],
    [
      "a condition on what nobody knows",
      `${start}conditional-include:\n  - if: time == now\n    include: x.yaml\n`,
      4,
      'The condition "time == now" cannot be decided here: write NAME == VALUE.',
    ],
    ["itself", `${start}include: tree.yaml\n`, 3, "tree.yaml is included twice."],
    ["broken JSON", '{"ref": "a/b",\n "packages": ["bash"', 2, undefined],
    ["a list", "- ref\n", 1, "treefile: keys and values is expected here."],
    ["nothing", "", 1, "treefile: keys and values is expected here."],
  ])("%s", (_what, text, ...[line, sentence]) => {
    const tree = treeOf({ "tree.yaml": text });
    expect(tree).toMatchObject({ path: "tree.yaml", line, ...(sentence && { sentence }) });
  });

  test("in the file where it is", () => {
    const files = {
      "tree.yaml": `${start}include: part.yaml\n`,
      "part.yaml": "repos: [x]\npackages:\n  - ${nobody}\n",
    };
    expect(treeOf(files)).toEqual({
      path: "part.yaml",
      line: 3,
      sentence: "The variable nobody has no value here.",
    });
  });
});

/** Lists of lists, each of which stands for ten of the one before. */
const bomb = (): string => {
  const lists = Array.from({ length: 9 }, (_, n) => {
    const before = n === 0 ? "x" : `*l${n - 1}`;
    return `k${n}: &l${n} [${Array.from({ length: 10 }, () => before).join(", ")}]`;
  });
  return `${start}${lists.join("\n")}\n`;
};

describe("a hostile treefile is refused soon", () => {
  test.each([
    ["aliases that multiply", bomb()],
    ["an alias within itself", `${start}k: &a [*a]\n`],
    ["an alias to nothing", `${start}k: *nobody\n`],
    ["many aliases", `${start}k: &a x\nl: [${"*a, ".repeat(2000)}]\n`],
    ["depth in brackets", `${start}k: ${"[".repeat(10_000)}`],
    ["depth in indentation", start + Array.from({ length: 200 }, (_, n) => `${" ".repeat(n)}k:\n`).join("")],
    ["length", `${start}# ${"x".repeat(2_000_000)}\n`],
    ["bytes that are no text", `${start}k: \u0000\ufffd\n`],
    ["a word without end", `ref: a/b\npackages: [${"x".repeat(1000)}]\n`],
    ["a control character", 'ref: a/b\npackages: ["a\\u0001b"]\n'],
    ["two documents", `${start}---\n${start}`],
  ])("%s", (_what, text) => {
    const before = process.cpuUsage();
    expect(treeOf({ "tree.yaml": text })).toHaveProperty("sentence");
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  test("a chain of includes has an end", () => {
    const chain = Array.from({ length: 60 }, (_, n) => [`${n}.yaml`, `include: ${n + 1}.yaml\n`] as const);
    const files = { ...Object.fromEntries(chain), "tree.yaml": `${start}include: 0.yaml\n` };
    expect(treeOf(files)).toMatchObject({ sentence: "More than 50 files are included." });
  });

  test("whatever is in it, reading ends with jobs or a sentence", () => {
    const words = [
      "ref",
      "a/b",
      "packages",
      "include",
      "- ",
      ": ",
      "\n",
      "  ",
      "&a ",
      "*a",
      "[",
      "]",
      "{",
      "}",
      "'",
      "${",
      "}",
      "bash",
      "x",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        const tree = treeOf({ "tree.yaml": parts.join("") });
        expect("sentence" in tree ? tree.line : tree.packages.length).toBeGreaterThan(0);
      }),
      { numRuns: Math.min(cases(), 20_000) },
    );
  });
});
