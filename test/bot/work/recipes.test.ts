import { expect, test } from "vitest";
import { findAll } from "../../../src/bot/work/recipes.ts";

const found = (...paths: string[]) => findAll(paths).recipes.map(({ name, path }) => [name, path]);

test("every spec is a recipe, in order of its path", () => {
  expect(found("b/b.spec", "README.md", "a.spec", "a.spec.in", "x/spec")).toEqual([
    ["a", "a.spec"],
    ["b", "b/b.spec"],
  ]);
});

test("specs in hidden folders are none, nor is a hidden spec", () => {
  expect(found(".git/a.spec", "x/.obs/b.spec", ".c.spec", "d/.spec")).toEqual([]);
});

test("specs of one name are told apart by their folders", () => {
  expect(found("greet.spec", "old/greet.spec", "egreet.spec")).toEqual([
    ["egreet", "egreet.spec"],
    ["greet", "greet.spec"],
    ["old/greet", "old/greet.spec"],
  ]);
});

test("image descriptions go by their file, a config.xml by its folder", () => {
  const images = new Set(["config.xml", "os/config.xml", "a/micro.kiwi"]);
  const paths = ["config.xml", "os/config.xml", "web/config.xml", "a/micro.kiwi", "a/part.kiwi"];
  expect(findAll(paths, images).recipes).toEqual([
    { kind: "image", name: "micro", path: "a/micro.kiwi" },
    { kind: "image", name: "image", path: "config.xml" },
    { kind: "image", name: "os", path: "os/config.xml" },
  ]);
});

test("a spec and an image of one name are told apart by folder, or else by path", () => {
  expect(found("a/x.spec", "b/x.kiwi", "c/y.spec", "c/y.kiwi")).toEqual([
    ["a/x", "a/x.spec"],
    ["b/x", "b/x.kiwi"],
    ["c/y.kiwi", "c/y.kiwi"],
    ["c/y", "c/y.spec"],
  ]);
});

test.each([
  "a\nb.spec",
  "a\u0000.spec",
  "a\u001b[31m.spec",
  "a\u007f.spec",
  "a\r.spec",
  `${"x".repeat(200)}.spec`,
])("%j is no path for a recipe", (path) => {
  expect(found(path)).toEqual([]);
});

test("spaces, signs and letters of any language are fine", () => {
  expect(found("gtk+ 3/C#.spec", "grüße.spec").map(([name]) => name)).toEqual(
    ["grüße", "C#"].toSorted().toReversed(),
  );
});
