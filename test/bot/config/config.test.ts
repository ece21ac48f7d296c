import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type Config, type ConfigProblem, readConfig } from "../../../src/bot/config/config.ts";
import { cases } from "../../fuzz.ts";

const NOTHING = {
  recipes: {},
  committers: [],
  trusted: [],
  timeouts: {},
  notifications: { mail: [] },
  pulls: { expireDays: 7 },
};

const KNOWN = `# the rules
targets:
  opensuse-leap-15.6: [x86_64, aarch64]
  debian-12:
    x86_64: required
    s390x: advisory
recipes:
  kernel:
    path: kernel/kernel.spec
    paths: [common/, macros.inc, .]
    targets: [debian-12]
    arches: [x86_64]
    timeoutMinutes: 600
    priority: high
  old-tool: { skip: true }
channels:
  devel: { branch: main }
  stable-1.0: { branch: "release/1.0" }
committers: [1]
trusted: [583231, "9919"]
review: { acks: 2, lazyDays: 3 }
timeouts: { s390x: 480 }
notifications: { mail: [packaging@lists.example.org] }
pulls: { publish: false, expireDays: 14 }
`;

const problemsOf = (text: string): readonly ConfigProblem[] => {
  const read = readConfig(text);
  return Array.isArray(read) ? (read as ConfigProblem[]) : [];
};
const because = (text: string): readonly string[] => problemsOf(text).map((problem) => problem.because);

describe("the config", () => {
  test.each(["", "\n", "# nothing but a remark\n", "---\n", "{}", "\ufeff", "\r\n"])(
    "%j is zero config, and fine",
    (text) => {
      expect(readConfig(text)).toEqual(NOTHING);
    },
  );

  test("every key is read, and each recipe knows its place", () => {
    expect(readConfig(KNOWN)).toEqual({
      targets: {
        "opensuse-leap-15.6": { x86_64: "required", aarch64: "required" },
        "debian-12": { x86_64: "required", s390x: "advisory" },
      },
      recipes: {
        kernel: {
          path: "kernel/kernel.spec",
          paths: ["common/", "macros.inc", "."],
          targets: ["debian-12"],
          arches: ["x86_64"],
          timeoutMinutes: 600,
          skip: false,
          priority: "high",
          place: { line: 9, column: 11, endLine: 9, endColumn: 28 },
        },
        "old-tool": {
          skip: true,
          priority: "normal",
          place: { line: 15, column: 13, endLine: 15, endColumn: 26 },
        },
      },
      channels: { devel: { branch: "main" }, "stable-1.0": { branch: "release/1.0" } },
      committers: [1],
      trusted: [583231, 9919],
      review: { acks: 2, lazyDays: 3 },
      timeouts: { s390x: 480 },
      notifications: { mail: ["packaging@lists.example.org"] },
      pulls: { publish: false, expireDays: 14 },
    });
  });

  test("a byte order mark and line ends of CR LF change nothing", () => {
    const text = `\ufeff${KNOWN.replaceAll("\n", "\r\n")}`;
    expect(readConfig(text)).toEqual(readConfig(KNOWN));
  });

  test.each(["5.10", "1234e10", "no", "on", "null", "0x10", "1_000", "2026-01-01", ".inf", "~", "0755"])(
    "%s is a branch of this name, unquoted",
    (branch) => {
      expect(readConfig(`channels:\n  devel: { branch: ${branch} }\n`)).toEqual({
        ...NOTHING,
        channels: { devel: { branch } },
      });
    },
  );

  test("forty hexadecimal digits stay the text that they are", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{40}$/), (sha) => {
        const { channels } = readConfig(`channels: { devel: { branch: ${sha} } }`) as Config;
        expect(channels?.["devel"]?.branch).toBe(sha);
      }),
      { numRuns: cases() / 10 },
    );
  });

  test.each([
    "octocat",
    "1234e10",
    "-1",
    "1.0",
    "0x10",
    "007",
    "0",
    "",
    " ",
    "１２",
    "9".repeat(16),
    "12 34",
    "~",
    "true",
  ])("%j is no numeric id", (id) => {
    const problems = problemsOf(`trusted:\n  - 1\n  - ${JSON.stringify(id)}\n`);
    expect(problems).toMatchObject([
      { line: 3, column: 5, because: `trusted.1: "${id}" is not a numeric GitHub id` },
    ]);
  });

  test("only text of plain digits becomes an id, and just this one", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String), fc.double().map(String)), (text) => {
        const config = readConfig(`trusted: [${JSON.stringify(text)}]`);
        const ids = "trusted" in config ? config.trusted.map(String) : [];
        expect(ids).toEqual(/^[1-9][0-9]{0,14}$/.test(text) ? [text] : []);
      }),
      { numRuns: cases() / 10 },
    );
  });

  test.each(["a/b", "a b", "..", "1st", "", "ä", "x".repeat(41), "-x", "a%2fb", "pr", "PR"])(
    "%j is no name for a channel",
    (name) => {
      expect(problemsOf(`channels:\n  ${JSON.stringify(name)}: { branch: main }\n`)).toMatchObject([
        { line: 2, column: 3, because: expect.stringMatching(/^channels\./) as string },
      ]);
    },
  );
});

describe("a config that is too much", () => {
  const bomb = `a: &a [x]\n${Array.from("bcdefghijklmnop", (c, i) => `${c}: &${c} [*${"abcdefghijklmno"[i]},*${"abcdefghijklmno"[i]}]\n`).join("")}`;

  test("aliases are refused where they stand, so that no bomb is made of them", () => {
    expect(because(bomb)).toContain("Aliases are not allowed here; write the value out.");
  });

  test.each([
    ["brackets", "[".repeat(60_000)],
    ["brackets after others that were closed before", `# ${"]".repeat(30_000)}\n${"[".repeat(30_000)}`],
    ["dashes", "- ".repeat(30_000)],
    ["question marks", "? ".repeat(30_000)],
    ["colons", ": ".repeat(30_000)],
    ["all of them after each other", "- ? : ".repeat(10_000)],
    ["indentation", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("deep nesting by %s is refused before YAML is asked", (_, text) => {
    expect(because(text)).toEqual(["The file nests deeper than any config does."]);
  });

  test("more than 64 KiB are refused", () => {
    expect(because(`# ${"x".repeat(64 * 1024)}`)).toEqual(["The file has more than 65536 characters."]);
  });

  test("of a hundred mistakes the first fifty are told, in the order of the file", () => {
    const text = Array.from({ length: 100 }, (_, i) => `key${i}: 1\n`).join("");
    expect(problemsOf(text).map(({ line }) => line)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  test.each([
    ["keys", Array.from({ length: 9000 }, (_, i) => `a${i}:`).join("\n")],
    ["equal keys", "a: 1\n".repeat(13_000)],
    ["tags", "!a ".repeat(20_000)],
    ["anchors", "&a ".repeat(20_000)],
    ["quotes", "'\n".repeat(32_000)],
    ["closing brackets", `${"[".repeat(20)}${"]".repeat(60_000)}`],
    ["commas", `{${"a,".repeat(32_000)}}`],
    ["recipes", `recipes:\n${Array.from({ length: 2000 }, (_, i) => `  r${i}: {priority: x}\n`).join("")}`],
    ["targets of one recipe", `recipes: {r: {targets: [${"a, ".repeat(20_000)}a]}}`],
  ])("64 KiB of %s are answered", { timeout: 20_000 }, (_, text) => {
    expect(because(text).length).toBeGreaterThan(0);
  });
});

/** Text that a config may be made of, so that mistakes are near to what is right. */
const piece = fc.oneof(
  fc.constantFrom(
    "targets:",
    "recipes:",
    "channels: ",
    "\n",
    "\n  ",
    "- ",
    "*a",
    "&a ",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "? ",
    "|\n",
    "!!int ",
    "'",
    '"',
    "%YAML 9\n",
    "<<: ",
    "trusted: ",
    "1",
    "\r",
    "\t",
    "\ufeff",
    "#",
    "---\n",
    "...\n",
    "__proto__: ",
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);

/** KNOWN with parts cut out, doubled or put elsewhere. */
const mutated = fc
  .array(fc.record({ at: fc.nat(KNOWN.length), cut: fc.nat(12), put: fc.option(piece, { nil: "" }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((edits) =>
    edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), KNOWN),
  );

/** On one line, and at most behind its last character. */
function standsIn(lengths: readonly number[], problem: ConfigProblem): boolean {
  const { line, column, endLine = line, endColumn = column } = problem;
  const end = (lengths[line - 1] ?? -1) + 1;
  return line === endLine && column >= 1 && column <= endColumn && endColumn <= end && problem.because !== "";
}

describe("any text", () => {
  test("makes no reading throw, and every mistake stands in the file", () => {
    const arbitrary = fc.oneof(
      mutated,
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(arbitrary, (text) => {
        const lengths = text.split("\n").map((line) => line.length);
        expect(problemsOf(text).filter((problem) => !standsIn(lengths, problem))).toEqual([]);
      }),
      { numRuns: cases() },
    );
  }, 1_200_000);

  const arch = fc.constantFrom("x86_64", "aarch64", "s390x", "ppc64le");
  const name = fc.stringMatching(/^[a-z][a-z0-9.+_-]{0,12}$/).filter((name) => name !== "pr");
  const ids = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 3 });
  const rules = fc.record(
    {
      targets: fc.dictionary(
        name,
        fc.dictionary(arch, fc.constantFrom("required", "advisory"), { noNullPrototype: true }),
        { maxKeys: 3, noNullPrototype: true },
      ),
      committers: ids,
      trusted: ids,
      review: fc.record(
        { acks: fc.nat(20), lazyDays: fc.integer({ min: 1, max: 90 }) },
        { requiredKeys: [] },
      ),
      timeouts: fc.dictionary(arch, fc.integer({ min: 1, max: 2160 }), { noNullPrototype: true }),
      recipes: fc.dictionary(
        name,
        fc.record(
          {
            path: name,
            paths: fc.array(name, { maxLength: 2 }),
            skip: fc.boolean(),
            arches: fc.array(arch, { maxLength: 4 }),
          },
          { requiredKeys: [] },
        ),
        { maxKeys: 3, noNullPrototype: true },
      ),
    },
    { requiredKeys: [] },
  );

  test("what is written as YAML is read as it was", () => {
    fc.assert(
      fc.property(rules, fc.constantFrom("block", "flow"), (value, collectionStyle) => {
        const read = readConfig(stringify(value, { collectionStyle, aliasDuplicateObjects: false }));
        const review = value.review && { acks: 1, ...value.review };
        expect(read).toMatchObject({ ...value, ...(review && { review }) });
      }),
      { numRuns: cases() / 5 },
    );
  }, 1_200_000);
});
