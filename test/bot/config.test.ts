import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/bot/config.ts";

const KNOWN = `# the rules
targets:
  opensuse-leap-15.6: [x86_64, aarch64]
  debian-12:
    x86_64: required
    s390x: advisory
channels:
  devel: { branch: main }
  stable-1.0: { branch: "release/1.0" }
trusted: [583231, "9919"]
`;

/** Where the mistakes stand, and what they say. */
const mistakes = (text: string) => {
  const problems = readConfig(text);
  if (!Array.isArray(problems)) throw new Error(`no mistake in ${text}`);
  return (problems as { line: number; column: number; because: string }[]).map(
    ({ line, column, because }) => `${line}:${column} ${because}`,
  );
};

describe("the config", () => {
  test.each(["", "\n", "# nothing but a remark\n", "---\n", "{}"])("%j is zero config, and fine", (text) => {
    expect(readConfig(text)).toEqual({ trusted: [] });
  });

  test("every key is read", () => {
    expect(readConfig(KNOWN)).toEqual({
      targets: {
        "opensuse-leap-15.6": { x86_64: "required", aarch64: "required" },
        "debian-12": { x86_64: "required", s390x: "advisory" },
      },
      channels: { devel: { branch: "main" }, "stable-1.0": { branch: "release/1.0" } },
      trusted: [583231, 9919],
    });
  });

  test.each([
    [
      "targets:\n  d: [x86_64]\ntrust: []\nfoo: 1\n",
      ["3:1 trust: nothing of this name is known here", "4:1 foo: nothing of this name is known here"],
    ],
    [
      "channels:\n  devel: { branch: main, arch: x }\n",
      ["2:26 channels.devel.arch: nothing of this name is known here"],
    ],
    ["targets:\n  d:\n    arm64: required\n", ["3:5 targets.d.arm64: nothing of this name is known here"]],
    ["targets:\n  d: [x86_64, arm64]\n", ["2:15 targets.d.arm64: nothing of this name is known here"]],
    [
      "targets:\n  d:\n    x86_64: maybe\n",
      ['3:13 targets.d.x86_64: Invalid option: expected one of "required"|"advisory"'],
    ],
    ["targets: all\n", ["1:10 targets: Invalid input: expected record, received string"]],
    [
      "channels:\n  devel: {}\n",
      ["2:10 channels.devel.branch: Invalid input: expected string, received undefined"],
    ],
    ["just text\n", ["1:1 Invalid input: expected object, received string"]],
    ["- a\n- b\n", ["1:1 Invalid input: expected object, received array"]],
  ])("%j: each mistake is named where it stands", (text, said) => {
    expect(mistakes(text)).toEqual(said);
  });

  test.each([
    ["a: [1\nb: 2\n", 2],
    ["trusted: [1]\ntrusted: [2]\n", 2],
    ["a:\n\t- b\n", 2],
    ["trusted: []\n---\ntrusted: []\n", 2],
    ["a: 'b\n", 2],
  ])("%j is no YAML, and the line is told", (text, line) => {
    expect(mistakes(text)[0]).toMatch(new RegExp(`^${line}:\\d+ .`));
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
    expect(mistakes(`trusted:\n  - 1\n  - ${JSON.stringify(id)}\n`)).toEqual([
      `3:5 trusted.1: "${id}" is not a numeric GitHub id`,
    ]);
  });

  test("only text of plain digits becomes an id, and just this one", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.bigInt().map(String), fc.double().map(String)),
        (text) => {
          const config = readConfig(`trusted: [${JSON.stringify(text)}]`);
          const ids = "trusted" in config ? config.trusted.map(String) : [];
          expect(ids).toEqual(/^[1-9][0-9]{0,14}$/.test(text) ? [text] : []);
        },
      ),
    );
  });

  test.each(["a/b", "a b", "..", "1st", "", "ä", "x".repeat(41), "-x", "a\nb", "a%2fb"])(
    "%j is no name for a channel",
    (name) => {
      expect(mistakes(`channels:\n  ${JSON.stringify(name)}: { branch: main }\n`)[0]).toMatch(
        /^2:3 channels\./,
      );
    },
  );

  test("aliases are refused where they stand, so that no bomb is made of them", () => {
    expect(mistakes("a: &x [1]\nb: *x\n")).toEqual(["2:4 Aliases are not allowed here."]);
    const bomb = `a: &a [x]\n${Array.from("bcdefghijklmnop", (c, i) => `${c}: &${c} [*${"abcdefghijklmno"[i]},*${"abcdefghijklmno"[i]}]\n`).join("")}`;
    expect(mistakes(bomb)[0]).toContain("Aliases are not allowed here.");
  });

  test.each([
    ["brackets", "[".repeat(60_000)],
    ["brackets after others that were closed before", `# ${"]".repeat(30_000)}\n${"[".repeat(30_000)}`],
    ["dashes", "- ".repeat(30_000)],
    ["question marks", "? ".repeat(30_000)],
    ["indentation", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("deep nesting by %s is refused, not recursed into", (_, text) => {
    expect(mistakes(text).length).toBeGreaterThan(0);
  });

  test("more than 64 KiB are refused", () => {
    expect(mistakes(`# ${"x".repeat(64 * 1024)}`)).toEqual(["1:1 The file has more than 65536 characters."]);
  });

  test("no text makes the reading throw", () => {
    const piece = fc.constantFrom(
      "targets:",
      "\n",
      "  ",
      "- ",
      "*a",
      "&a ",
      "{",
      "}",
      "[",
      "]",
      ": ",
      "!!int ",
      "? ",
      "|\n",
      "'",
      '"',
      "%YAML 9\n",
      "<<",
      "trusted: ",
      "1",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 30 }),
        (pieces) => {
          const read = readConfig(pieces.join(""));
          const problems = "trusted" in read ? [] : read;
          expect(problems.filter(({ line, column }) => line < 1 || column < 1)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
