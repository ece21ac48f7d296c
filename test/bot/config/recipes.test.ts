import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../../src/bot/config/config.ts";
import { recipesOf } from "../../../src/bot/config/recipes.ts";
import { findAll } from "../../../src/bot/work/recipes.ts";
import { problemText } from "../../../src/bot/words/config.ts";
import { cases } from "../../fuzz.ts";

const ruled = (text: string, ...paths: string[]) => recipesOf(readConfig(text) as Config, paths);
const names = (text: string, ...paths: string[]) =>
  ruled(text, ...paths).recipes.map(({ recipe }) => `${recipe.name}=${recipe.path}`);
const mistakes = (text: string, ...paths: string[]) =>
  ruled(text, ...paths).mistakes.map(
    (problem) => `${problem.line}:${problem.column} ${problemText(problem)}`,
  );

describe("what is found without a config", () => {
  test("a spec with a _service is one recipe; a _service without a spec is told of", () => {
    const found = findAll(["a/a.spec", "a/_service", "b/_service", "_service", ".obs/_service"]);
    expect(found.recipes.map(({ path }) => path)).toEqual(["a/a.spec"]);
    expect(found.unbuilt).toEqual([
      { kind: "service", path: "_service" },
      { kind: "service", path: "b/_service" },
    ]);
  });

  test("images and trees are found by their names, and asked about", () => {
    const paths = [
      "os/leap.kiwi",
      "os/config.xml",
      "coreos/manifest.yaml",
      "edge.treefile.yaml",
      "x/.kiwi/a.kiwi",
    ];
    expect(findAll(paths)).toEqual({
      recipes: [
        { kind: "tree", name: "coreos", path: "coreos/manifest.yaml" },
        { kind: "tree", name: "edge", path: "edge.treefile.yaml" },
        { kind: "image", name: "leap", path: "os/leap.kiwi" },
      ],
      unbuilt: [],
      candidates: ["os/config.xml", "os/leap.kiwi"],
      treefiles: ["coreos/manifest.yaml", "edge.treefile.yaml"],
    });
  });
});

describe("recipes that the config names", () => {
  test("those that it does not name keep their defaults", () => {
    expect(ruled("recipes: { a: { skip: true } }", "a.spec", "b/b.spec").recipes).toEqual([
      { recipe: { kind: "rpm", name: "a", path: "a.spec" }, skip: true, priority: "normal" },
      { recipe: { kind: "rpm", name: "b", path: "b/b.spec" }, skip: false, priority: "normal" },
    ]);
  });

  test("a path gives a recipe another name, and may stand in a hidden folder", () => {
    const text = "recipes: { linux: { path: k/kernel.spec }, ours: { path: .obs/x.spec } }";
    expect(names(text, "k/kernel.spec", ".obs/x.spec")).toEqual(["ours=.obs/x.spec", "linux=k/kernel.spec"]);
  });

  test("who had the name already goes by its path", () => {
    expect(names("recipes: { a: { path: new/x.spec } }", "new/x.spec", "old/a.spec")).toEqual([
      "a=new/x.spec",
      "old/a=old/a.spec",
    ]);
  });

  test("an image can be named by its path, and a tree too", () => {
    const text = "recipes: { leap: { path: os/config.xml }, old: { path: manifest.yaml, skip: true } }";
    expect(ruled(text, "os/config.xml", "manifest.yaml", "c/config.xml")).toEqual({
      recipes: [
        { recipe: { kind: "tree", name: "old", path: "manifest.yaml" }, skip: true, priority: "normal" },
        { recipe: { kind: "image", name: "leap", path: "os/config.xml" }, skip: false, priority: "normal" },
      ],
      unbuilt: [],
      mistakes: [],
    });
  });

  test.each([
    [
      "recipes:\n  kernle: { skip: true }\n",
      "2:11 recipes.kernle: no recipe of this name was found; give its path. Did you mean kernel?",
    ],
    [
      "recipes:\n  kernel: { path: kernel.spec }\n",
      "2:19 recipes.kernel.path: kernel.spec is not there at this commit. Did you mean k/kernel.spec?",
    ],
    [
      "recipes:\n  kernel: { path: README }\n",
      "2:19 recipes.kernel.path: README is no recipe; it must be a *.spec, a *.kiwi or a config.xml",
    ],
    [
      "recipes:\n  a: { path: k/kernel.spec }\n  kernel: { skip: true }\n",
      "3:11 recipes.kernel: a has this path already",
    ],
    [
      "recipes:\n  kernel: { path: x.spec }\n  k/kernel: { path: y.spec }\n",
      "3:21 recipes.k/kernel: k/kernel.spec goes by this name too; give that one a name as well",
    ],
  ])("%j: a mistake is told at its place", (text, said) => {
    expect(mistakes(text, "k/kernel.spec", "README", "x.spec", "y.spec")).toEqual([said]);
  });

  test("a mistake in one rule leaves the other recipes as they are", () => {
    expect(names("recipes: { gone: { path: gone.spec }, a: { priority: low } }", "a.spec", "b.spec")).toEqual(
      ["a=a.spec", "b=b.spec"],
    );
  });

  test("no two recipes have one name or one path", () => {
    const path = fc.stringMatching(/^([ab]\/){0,2}[abc]\.spec$/);
    const rules = fc.dictionary(fc.stringMatching(/^([ab]\/)?[abc]$/), fc.option(path, { nil: undefined }), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), rules, (paths, rules) => {
        const recipes = Object.fromEntries(
          Object.entries(rules).map(([name, path]) => [name, path === undefined ? {} : { path }]),
        );
        const made = ruled(JSON.stringify({ recipes }), ...paths).recipes.map(({ recipe }) => recipe);
        expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
        expect(new Set(made.map(({ path }) => path)).size).toBe(made.length);
        expect(paths).toEqual(expect.arrayContaining(made.map(({ path }) => path)));
      }),
      { numRuns: cases() / 5 },
    );
  }, 1_200_000);
});
