import { describe, expect, test } from "vitest";
import { globs, rewrite } from "../../../src/source/services/pattern.ts";

describe("a version is rewritten", () => {
  test.each([
    ["v1.2.3", ["v(.*)", "\\1"], "1.2.3"],
    ["v1.2rc1", ["v([0-9.]+)(rc[0-9]+)", "\\1~\\2"], "1.2~rc1"],
    ["release_1_2_3", ["_", "."], "release.1.2.3"],
    ["1.2", ["(?P<a>1)\\.(2)", "\\g<2>.\\g<1>"], "2.1"],
    ["1.2", ["x", "y"], "1.2"],
    ["1.2", ["1", "$1"], "$1.2"],
  ] as const)("%s by %j to %s", (version, [pattern, replacement], result) => {
    expect(rewrite(version, pattern, replacement)).toBe(result);
  });

  test("a group that is not there is said", () => {
    expect(() => rewrite("1", "(1)", "\\2")).toThrow("asks for group 2");
  });

  test("an expression that needs memory of what it matched is refused", () => {
    expect(() => rewrite("1", "(a)\\1(?=b)", "")).toThrow("no expression that is understood here");
  });

  test("one that takes others for ever takes no time", () => {
    const began = performance.now();
    rewrite("a".repeat(50_000), "(a+)+$b", "");
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe("patterns of the shell", () => {
  test.each([
    ["*.tar", "a.tar", true],
    ["*.tar", "a.tar.gz", false],
    ["docs/*", "docs/a/b", true],
    ["a?c", "abc", true],
    ["[!a]b", "cb", true],
    ["[!a]b", "ab", false],
    ["a.c", "abc", false],
    ["a[.]c", "a.c", true],
    ["(x)+", "(x)+", true],
    ["[", "[", true],
    ["*", "a\nb", true],
  ])("%s and %j: %s", (pattern, name, matches) => {
    expect(globs(pattern)(name)).toBe(matches);
  });
});
