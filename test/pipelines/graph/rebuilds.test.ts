import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linksOf } from "../../../src/pipelines/graph/graph.ts";
import { namesIn, outputOf } from "../../../src/pipelines/graph/made.ts";
import { behindOf, rebuildsAfter, touchedBy } from "../../../src/pipelines/graph/rebuilds.ts";

/** Recipes that provide their own name, by what building them requires. */
const linked = (needs: Readonly<Record<string, readonly string[]>>) =>
  linksOf(
    Object.fromEntries(
      Object.entries(needs).map(([name, builds]) => [name, { provides: [name], requires: [], builds }]),
    ),
  );

const links = linked({ zlib: [], libpng: ["zlib"], cairo: ["libpng", "zlib"], gtk: ["cairo"], tool: [] });
const step = (differing: readonly string[], done: readonly string[] = [], mode = "transitive" as const) =>
  rebuildsAfter(links, { changed: ["zlib"], differing: new Set(differing), done: new Set(done) }, mode);

describe("after a change", () => {
  test("what needs it is built in dependency order, one step after the other", () => {
    expect(step(["zlib"])).toEqual(["libpng"]);
    expect(step(["zlib", "libpng"], ["libpng"])).toEqual(["cairo"]);
    expect(step(["zlib", "libpng", "cairo"], ["libpng", "cairo"])).toEqual(["gtk"]);
    expect(step(["zlib", "libpng", "cairo", "gtk"], ["libpng", "cairo", "gtk"])).toEqual([]);
  });

  test("it ends where an output stayed as it was", () => {
    // cairo needs zlib itself; gtk needs only cairo.
    expect(step(["zlib"], ["libpng"])).toEqual(["cairo"]);
    expect(step(["zlib"], ["libpng", "cairo"])).toEqual([]);
    expect(step([])).toEqual([]);
  });

  test("only what needs it directly is built where the rules say so", () => {
    const after = (differing: readonly string[], done: readonly string[]) =>
      rebuildsAfter(
        links,
        { changed: ["zlib"], differing: new Set(differing), done: new Set(done) },
        "direct",
      );
    expect(after(["zlib"], [])).toEqual(["libpng"]);
    expect(after(["zlib", "libpng", "cairo"], ["libpng", "cairo"])).toEqual([]);
    expect(touchedBy(links, ["zlib"], "direct")).toEqual(["libpng", "cairo"]);
    expect(touchedBy(links, ["zlib"], "transitive")).toEqual(["libpng", "cairo", "gtk"]);
    expect(touchedBy(links, ["zlib"], "none")).toEqual([]);
  });

  test("recipes that need each other in a circle are built once each", () => {
    const circle = linked({ a: ["c"], b: ["a"], c: ["b"], d: ["c"] });
    expect(
      run(circle, ["a"], () => true)
        .flat()
        .toSorted(),
    ).toEqual(["b", "c", "d"]);
  });
});

/** Steps until nothing is left. */
function run(of: typeof links, changed: readonly string[], differs: (name: string) => boolean) {
  const [differing, done] = [new Set(changed), new Set<string>()];
  const steps: (readonly string[])[] = [];
  for (;;) {
    const next = rebuildsAfter(of, { changed, differing, done }, "transitive");
    if (next.length === 0) return steps;
    steps.push(next);
    for (const name of next) {
      done.add(name);
      if (differs(name)) differing.add(name);
    }
  }
}

const NAMES = ["a", "b", "c", "d", "e", "f"] as const;
const graphs = fc
  .tuple(...NAMES.map(() => fc.subarray([...NAMES])))
  .map((needs) => linked(Object.fromEntries(NAMES.map((name, i) => [name, needs[i] ?? []]))));

const hasCircle = ({ order, needs, place }: typeof links) =>
  order.some((name, at) => (needs.get(name) ?? []).some((need) => (place.get(need) ?? 0) > at));

describe("whatever needs whatever", () => {
  test("all that could be touched is built once where every output is another", () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...NAMES), (of, name) => {
        const built = run(of, [name], () => true).flat();
        expect(built.toSorted()).toEqual(touchedBy(of, [name], "transitive").toSorted());
      }),
    );
  });

  test("what is built has something it needs that differs, and where there are no circles waits for all that it needs", () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...NAMES), fc.subarray([...NAMES]), (of, name, stable) => {
        const differs = (one: string) => !stable.some((other) => other === one);
        const steps = run(of, [name], differs);
        const at = new Map(steps.flatMap((all, number) => all.map((one) => [one, number] as const)));
        for (const [one, number] of at) {
          const needs = of.needs.get(one) ?? [];
          expect(needs.some((need) => need === name || (at.has(need) && differs(need)))).toBe(true);
          const before = needs.filter((need) => at.has(need) && !hasCircle(of));
          for (const need of before) expect(at.get(need)).toBeLessThan(number);
        }
      }),
    );
  });
});

test("the way behind a recipe is the longest of what needs it", () => {
  const seconds = { libpng: 10, cairo: 100, gtk: 1000 } as Record<string, number>;
  expect(Object.fromEntries(behindOf(links, (name) => seconds[name] ?? 1))).toEqual({
    zlib: 1110,
    libpng: 1100,
    cairo: 1000,
    gtk: 0,
    tool: 0,
  });
});

const contents = (release: string, size = 5) =>
  [
    `greet-1.0-${release}.src\tabout\t\tabc${release}`,
    `greet-1.0-${release}.src\trequires\tgcc\t `,
    `greet-1.0-${release}.src\trequires\trpmlib(FileDigests)\t<= 4.6.0-1`,
    `greet-1.0-${release}.x86_64\tfile\t/usr/bin/greet\t100755 root:root ${size} aa  `,
    `greet-1.0-${release}.x86_64\tfile\t/usr/share/doc/greet\t100644 root:root 1 bb  `,
    `greet-1.0-${release}.x86_64\tprovides\tgreet\t= 1.0-${release}`,
    `greet-1.0-${release}.x86_64\trequires\tlibc.so.6()(64bit)\t `,
    `greet-1.0-${release}.x86_64\trequires\tgreet\t= 1.0-${release}`,
  ].join("\n");

describe("a build's contents", () => {
  test("tell what it provides, requires and was built with", () => {
    expect(namesIn(contents("1"))).toEqual({
      provides: ["/usr/bin/greet", "greet"],
      requires: ["libc.so.6()(64bit)"],
      builds: ["gcc"],
    });
  });

  test("are the same output where only the release is another, and not where a file is", () => {
    expect(outputOf(contents("2"))).toBe(outputOf(contents("1")));
    expect(outputOf(contents("1", 6))).not.toBe(outputOf(contents("1")));
  });
});
