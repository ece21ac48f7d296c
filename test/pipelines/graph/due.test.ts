import { describe, expect, test } from "vitest";
import { type Asked, dueIn } from "../../../src/pipelines/graph/due.ts";
import type { Made } from "../../../src/pipelines/graph/made.ts";
import { type Graph, withNews } from "../../../src/pipelines/graph/record.ts";

const AT = "2026-11-21T10:00:00.000Z";
const LATER = "2026-11-21T12:00:00.000Z";

const made = (name: string, builds: readonly string[] = [], more: Partial<Made> = {}): Made => ({
  kind: "rpm",
  name,
  from: `r#build/${name}#1`,
  at: AT,
  list: name,
  provides: [name],
  requires: [],
  builds,
  output: name,
  ...more,
});
const turned = { turn: 1, turned: LATER };
const recipes = {
  zlib: made("zlib", [], turned),
  libpng: made("libpng", ["zlib"]),
  cairo: made("cairo", ["libpng", "zlib"]),
  gtk: made("gtk", ["cairo"]),
};
const due = (of: Readonly<Record<string, Made>>, asked: Readonly<Record<string, Asked>> = {}, begun = AT) =>
  dueIn(of, new Map(Object.entries(asked).map(([path, one]) => [path, [one]])), begun).map(
    ({ path }) => path,
  );

describe("what is due", () => {
  test("is what was built with something that is another now, but for what waits for others of it", () => {
    expect(dueIn(recipes, new Map(), AT)).toEqual([
      { path: "libpng", after: { zlib: 1 }, builtWith: "zlib zlib" },
    ]);
    expect(due({ ...recipes, libpng: made("libpng", ["zlib"], { with: { zlib: 1 } }) })).toEqual(["cairo"]);
    expect(due({ ...recipes, zlib: made("zlib") })).toEqual([]);
  });

  test("is not what somebody was asked for already, until it is another once more", () => {
    const open = { after: { zlib: 1 }, isOpen: true, isOfThis: false };
    expect(due(recipes, { libpng: open })).toEqual([]);
    expect(due(recipes, { libpng: { ...open, isOpen: false } })).toEqual(["cairo"]);
    const again = { ...recipes, zlib: made("zlib", [], { turn: 2, turned: LATER }) };
    expect(due(again, { libpng: { ...open, isOpen: false } })).toEqual(["libpng"]);
    // After one push nothing is built twice.
    expect(due(again, { libpng: { ...open, isOpen: false, isOfThis: true } })).toEqual(["cairo"]);
  });

  test("is nothing that became another before anybody asked", () => {
    expect(due(recipes, {}, "2026-11-21T13:00:00.000Z")).toEqual([]);
  });

  test("ends for recipes that need each other in a circle, whatever comes out", () => {
    const circle: Record<string, Made> = {
      a: made("a", ["b"], turned),
      b: made("b", ["a"]),
    };
    const asked: Record<string, Asked> = {};
    const steps: (readonly string[])[] = [];
    for (let step = due(circle, asked); step.length > 0 && steps.length < 9; step = due(circle, asked)) {
      steps.push(step);
      for (const path of step) {
        const after = path === "a" ? { b: 1 } : { a: 1 };
        asked[path] = { after, isOpen: false, isOfThis: true };
        const was = circle[path];
        if (was) circle[path] = { ...was, ...turned, turn: (was.turn ?? 0) + 1, with: after };
      }
    }
    expect(steps).toEqual([["b"], ["a"]]);
  });
});

describe("the record of a rebuild", () => {
  const repo = { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" };
  const of = { repo, channel: "devel" };
  const known: Graph = { v: 1, ...of, recipes: { libpng: made("libpng", ["zlib"]) } };
  const again = { needs: "n", after: { zlib: 1 } };
  const news = {
    run: "1/rebuild/main/c/1",
    at: `${AT}r000000001`,
    published: LATER,
    isFollowed: true,
    isGone: () => false,
  };
  const other = made("libpng", ["zlib"], { list: "2", output: "2", at: news.at });

  test("says what it was built with, also where the same came out", () => {
    const now = withNews(known, of, { ...news, brought: { libpng: { again } } });
    expect(now?.recipes["libpng"]).toMatchObject({
      with: { zlib: 1 },
      needs: "n",
      again: { run: news.run, after: ["zlib"], same: true },
    });
    expect(now?.recipes["libpng"]?.turn).toBeUndefined();
    expect(withNews(now, of, { ...news, brought: { libpng: { again } } })).toBe(now);
  });

  test("turns what came out as another where that is followed, and only there", () => {
    const told = (isFollowed: boolean) =>
      withNews(known, of, { ...news, isFollowed, brought: { libpng: { made: other, again } } })?.recipes[
        "libpng"
      ];
    expect(told(true)).toMatchObject({ output: "2", turn: 1, turned: LATER, again: { same: false } });
    expect(told(false)).toMatchObject({ output: "2", again: { same: false } });
    expect(told(false)?.turn).toBeUndefined();
  });

  test("changes nothing where a newer push was published meanwhile", () => {
    const newer: Graph = { v: 1, ...of, recipes: { libpng: made("libpng", ["zlib"], { at: LATER }) } };
    expect(withNews(newer, of, { ...news, brought: { libpng: { made: other, again } } })).toBe(newer);
  });
});
