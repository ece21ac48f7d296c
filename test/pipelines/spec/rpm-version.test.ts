import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions } from "../../../src/pipelines/spec/rpm-version.ts";

const TABLE = [
  ["1.0", "1.0", 0],
  ["1.0", "2.0", -1],
  ["1.10", "1.9", 1],
  ["1.010", "1.10", 0],
  ["1.0", "1_0", 0],
  ["1.0.", "1.0", 0],
  ["2.0.1", "2.0", 1],
  ["2.0.1a", "2.0.1", 1],
  ["5.5p1", "5.5p10", -1],
  ["xyz10", "xyz10.1", -1],
  ["xyz.4", "8", -1],
  ["10abc", "10.1abc", -1],
  ["1.0~rc1", "1.0", -1],
  ["1.0~rc1", "1.0~rc2", -1],
  ["1.0~rc1~git123", "1.0~rc1", -1],
  ["1.0^", "1.0", 1],
  ["1.0^git1", "1.0", 1],
  ["1.0^git1", "1.01", -1],
  ["1.0^20160101", "1.0.1", -1],
  ["1.0~rc1^git1", "1.0~rc1", 1],
  ["1.0^git1~pre", "1.0^git1", -1],
  ["1.2.0", "1.1.99", 1],
  ["20240101", "1.2", 1],
  ["", "1", -1],
  ["1.0", "1.fc4", 1],
] as const;

const other = (result: number): number => (result === 0 ? 0 : -result);

describe("versions are compared as rpm compares them", () => {
  test.each(TABLE)("%s and %s: %i", (a, b, result) => {
    expect(compareVersions(a, b)).toBe(result);
    expect(compareVersions(b, a)).toBe(other(result));
  });

  const hasRpm = spawnSync("rpm", ["--version"]).status === 0;
  const title = hasRpm ? "" : "skipped, because rpm is not installed: ";
  test.skipIf(!hasRpm)(`${title}rpm itself says the same of the table and of 2,000 random pairs`, () => {
    const word = fc.string({
      unit: fc.constantFrom(...Array.from("0129abz.~^_+")),
      minLength: 1,
      maxLength: 7,
    });
    const pairs = [
      ...TABLE.map(([a, b]) => [a, b] as const).filter(([a]) => a !== ""),
      ...fc.sample(fc.tuple(word, word), { numRuns: 2000, seed: 1 }),
    ];
    const lines = pairs.map(([a, b]) => `print(rpm.vercmp("${a}","${b}").." ")`);
    // A macro has a limit for its body.
    const evals = lines.flatMap((_, i) =>
      i % 50 === 0 ? ["--eval", `%{lua:${lines.slice(i, i + 50).join("\n")}}`] : [],
    );
    const { stdout } = spawnSync("rpm", evals, { encoding: "utf8" });
    const said = stdout.trim().split(/\s+/).map(Number);
    expect(said).toHaveLength(pairs.length);
    expect(pairs.map(([a, b]) => [a, b, compareVersions(a, b)])).toEqual(
      pairs.map(([a, b], i) => [a, b, said[i]]),
    );
  });
});
