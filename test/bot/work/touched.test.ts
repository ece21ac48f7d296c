import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Config, readConfig } from "../../../src/bot/config/config.ts";
import { recipesOf } from "../../../src/bot/config/recipes.ts";
import { touched } from "../../../src/bot/work/touched.ts";
import { leftBecause } from "../../../src/bot/words/left.ts";
import { cases } from "../../fuzz.ts";

const PATHS = ["root.spec", "k/kernel.spec", "k/rt/rt.spec", "two/x.spec", "two/y.spec", "lib/lib.spec"];
const RULES = "recipes: { lib: { paths: [lib/src, macros/] }, y: { paths: [.] }, x: { skip: false } }";

const recipes = (text = "") => recipesOf(readConfig(text) as Config, PATHS).recipes;
const reached = (text: string, ...changed: string[]) =>
  touched(recipes(text), changed).recipes.map(({ recipe }) => recipe.name);

test.each([
  ["a file in a recipe's folder", ["k/fix.patch"], ["kernel"]],
  ["a file somewhere below it", ["k/patches/a/fix.patch"], ["kernel"]],
  ["a file in the folder of a deeper recipe", ["k/rt/fix.patch"], ["rt"]],
  ["a file at the root", ["README.md"], ["root"]],
  ["a folder without recipes", ["doc/x.md", ".github/workflows/a.yml"], []],
  ["a folder that only begins with the name of another", ["kk/x.patch"], []],
  ["a file beside two recipes", ["two/fix.patch"], ["x", "y"]],
  ["the spec of one of two recipes", ["two/x.spec"], ["x"]],
  ["both names of a file that was moved", ["k/a.patch", "lib/a.patch"], ["kernel", "lib"]],
  ["nothing", [], []],
])("without rules: %s (%j) touches %j", (_, changed, expected) => {
  expect(reached("", ...changed)).toEqual(expected);
});

test.each([
  ["a file in a folder that it names", ["macros/a"], ["lib", "y"]],
  ["a path that it names, as file", ["lib/src"], ["lib", "y"]],
  ["below a path that it names", ["lib/src/a/b.c"], ["lib", "y"]],
  ["its own folder, which it does not name", ["lib/other"], ["y"]],
  ["a name that only begins like one it names", ["lib/src2/a"], ["y"]],
  ["its own spec, which it does not name", ["lib/lib.spec"], ["y"]],
])("with `paths`: %s (%j) touches %j", (_, changed, expected) => {
  expect(reached(RULES, ...changed)).toEqual(expected);
});

test("more files than GitHub tells touch all but what the config skips", () => {
  const { recipes: all, skipped } = touched(recipes("recipes: { rt: { skip: true } }"), "too-many");
  expect(all.map(({ recipe }) => recipe.name)).toEqual(["kernel", "lib", "root", "x", "y"]);
  expect(skipped).toEqual([
    { recipe: { kind: "rpm", name: "rt", path: "k/rt/rt.spec" }, because: { rule: "skip" } },
  ]);
});

test("what is left out says why", () => {
  const { skipped } = touched(recipes("recipes: { rt: { skip: true }, lib: { paths: [a, b/] } }"), ["two/a"]);
  expect(skipped.map((one) => `${one.recipe.name}: ${leftBecause(one.because)}`)).toEqual([
    "kernel: nothing changed in `k/`",
    "rt: the config says to skip it",
    "lib: nothing changed in `a`, `b/`",
    "root: nothing changed in the root of the repository",
  ]);
});

test("every recipe is either touched or skipped, and more changes touch no less", () => {
  const file = fc.stringMatching(/^(k\/|two\/|lib\/|rt\/|src\/){0,3}[ab]$/);
  fc.assert(
    fc.property(fc.array(file), file, fc.constantFrom("", RULES), (changed, one, text) => {
      const all = recipes(text);
      const some = touched(all, changed);
      const more = touched(all, [...changed, one]);
      expect(some.recipes.length + some.skipped.length).toBe(all.length);
      expect(more.recipes).toEqual(expect.arrayContaining([...some.recipes]));
    }),
    { numRuns: cases() / 10 },
  );
}, 1_200_000);
