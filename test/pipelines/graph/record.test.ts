import { describe, expect, test } from "vitest";
import { linksOf } from "../../../src/pipelines/graph/graph.ts";
import { type Made, namesOf } from "../../../src/pipelines/graph/made.ts";
import {
  type Graph,
  graphsPrefix,
  type News,
  partOf,
  repoIn,
  withNews,
} from "../../../src/pipelines/graph/record.ts";
import { foundBehind, touchesOf } from "../../../src/pipelines/graph/touches.ts";

const repo = { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" };
const of = { repo, channel: "devel" };
const AT = "2026-11-21T10:00:00.000Z";
const EARLIER = "2026-11-20T10:00:00.000Z";

const made = (name: string, more: Partial<Made> = {}): Made => ({
  kind: "rpm",
  name,
  from: `r#build/${name}#1`,
  at: AT,
  list: "1",
  provides: [name],
  requires: [],
  builds: [],
  output: "x",
  ...more,
});

const nobody = () => false;
const news = (brought: News["brought"], more: Partial<News> = {}): News => ({
  run: "r",
  at: AT,
  published: AT,
  isFollowed: true,
  brought,
  isGone: nobody,
  ...more,
});
const known: Graph = { v: 1, ...of, recipes: { "greet.spec": made("greet") } };
const told = (one: Made, more: Partial<News> = {}) =>
  withNews(known, of, news({ "greet.spec": { made: one } }, more));

describe("the graph of a channel", () => {
  test("keeps what was published last", () => {
    const newer = made("greet", { list: "2", output: "y" });
    expect(told(newer)?.recipes["greet.spec"]).toMatchObject(newer);
    expect(withNews(undefined, of, news({ "greet.spec": { made: newer } }))?.recipes).toEqual({
      "greet.spec": newer,
    });
  });

  test("does not change by the same news twice, nor by older ones", () => {
    expect(told(made("greet"))).toBe(known);
    expect(told(made("greet", { list: "0", at: EARLIER }), { at: EARLIER })).toBe(known);
  });

  test("forgets a recipe that went away, and no other", () => {
    const two = { ...known, recipes: { ...known.recipes, "old.spec": made("old") } };
    const left = withNews(two, of, news({}, { isGone: (path) => path === "old.spec" }));
    expect(Object.keys(left?.recipes ?? {})).toEqual(["greet.spec"]);
  });

  test("has room for so many names: of very many the largest recipes' are left out", () => {
    const names = Array.from({ length: 140_000 }, (_, i) => `tex(${i}.sty)`);
    const large = withNews(
      known,
      of,
      news({
        "tex.spec": { made: made("tex", { provides: names }) },
        "more.spec": { made: made("more", { provides: names.slice(0, 20_000) }) },
      }),
    );
    expect(large?.recipes["tex.spec"]?.provides).toEqual([]);
    expect(large?.recipes["more.spec"]?.provides).toHaveLength(20_000);
    expect(large?.recipes["greet.spec"]?.provides).toEqual(["greet"]);
  });

  test("lies by target, arch, repository and channel, in parts of about the same size", () => {
    const prefix = graphsPrefix({ target: "debian-12", arch: "x86_64" }, { repo: 1, channel: "pr/7" });
    expect(prefix).toBe("graphs/debian-12/x86_64/1/pr~2f.7/");
    expect(repoIn(`${prefix}0a.json`)).toBe(1);
    const parts = Map.groupBy(
      Array.from({ length: 10_000 }, (_, i) => partOf(`p${i}/p${i}.spec`)),
      (part) => part,
    );
    expect(parts.size).toBe(32);
    expect(Math.max(...[...parts.values()].map(({ length }) => length))).toBeLessThan(500);
  });
});

test("links between ten thousand recipes are found in a moment", () => {
  const recipes = Array.from({ length: 10_000 }, (_, i) => {
    const builds = [1, 2, 3].map((n) => `p${Math.floor(i / (n + 1))}`);
    return [`p${i}.spec`, { provides: [`p${i}`, `p${i}-devel`], requires: [], builds }] as const;
  });
  const links = linksOf(Object.fromEntries(recipes));
  expect(links.order).toHaveLength(10_000);
  expect(links.neededBy.get("p1.spec")).toContain("p2.spec");
});

describe("what rich dependencies and images ask for", () => {
  const required = (name: string) => namesOf("rpm", `a-1-1.x86_64\trequires\t${name}\t `).requires;

  test("a rich dependency asks for each of its names", () => {
    expect(required("(libpng >= 1.6 with pkgconfig(zlib) < 2)")).toEqual(["libpng", "pkgconfig(zlib)"]);
    expect(required("((a or b(x)) if (c unless d))")).toEqual(["a", "b(x)", "c", "d"]);
    expect(required("(")).toEqual([]);
    expect(required("rpmlib(RichDependencies)")).toEqual([]);
  });

  test("an image requires the packages that kiwi put into it", () => {
    const packages = "greet|0|1.0|1|x86_64|(none)|MIT\nzlib|0|1.3|2|x86_64|(none)|Zlib\n";
    expect(namesOf("image", packages)).toEqual({ provides: [], requires: ["greet", "zlib"], builds: [] });
  });
});

describe("what depends on a change", () => {
  const other = { ...repo, id: 9, name: "desktop" };
  const graphs: readonly Graph[] = [
    {
      v: 1,
      ...of,
      recipes: {
        "zlib.spec": made("zlib"),
        "libpng.spec": made("libpng", { builds: ["zlib"] }),
        "os.kiwi": made("os", { kind: "image", provides: [], requires: ["libpng"] }),
      },
    },
    { v: 1, repo, channel: "stable", recipes: { "libpng.spec": made("libpng", { builds: ["zlib"] }) } },
    { v: 1, repo: other, channel: "devel", recipes: { "gtk.spec": made("gtk", { requires: ["zlib"] }) } },
  ];
  const found = foundBehind(graphs, { repo: 1, paths: new Set(["zlib.spec"]) });

  test("is told once each, directly before what lies behind, and by its repository where that is another", () => {
    expect(touchesOf(found, 1)).toEqual({
      direct: [
        { kind: "rpm", name: "libpng" },
        { kind: "rpm", name: "gtk", repo: "acme/desktop" },
      ],
      directs: 2,
      behind: [{ kind: "image", name: "os" }],
      behinds: 1,
    });
  });

  test("is nothing where nothing needs it", () => {
    expect(touchesOf(foundBehind(graphs, { repo: 1, paths: new Set(["os.kiwi"]) }), 1)).toBeUndefined();
    expect(touchesOf(foundBehind(graphs, { repo: 1, paths: new Set(["new.spec"]) }), 1)).toBeUndefined();
  });

  test("names the first thirty, and says how many there are", () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`p${i}.spec`, made(`p${i}`, { builds: ["zlib"] })]),
    );
    const wide: Graph = { v: 1, ...of, recipes: { "zlib.spec": made("zlib"), ...many } };
    const touches = touchesOf(foundBehind([wide], { repo: 1, paths: new Set(["zlib.spec"]) }), 1);
    expect([touches?.direct.length, touches?.directs]).toEqual([30, 100]);
  });
});
