import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesBetween, linesBetween } from "../../src/pipelines/contents.ts";

const list = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const [GREET, DEVEL] = ["greet-1.0-1.x86_64", "greet-devel-1.0-1.x86_64"] as const;
const file = (name: string, digest = "aa", of: string = GREET): string =>
  `${of}\tfile\t${name}\t100755 root:root 3 ${digest}   (none)`;

describe("between what was tested and what is shipped", () => {
  test("nothing differs where each line is the same, in whatever order", () => {
    expect(changesBetween(list(file("/a"), file("/b")), list(file("/b"), file("/a")))).toEqual([]);
  });

  test("a package that went or came is told once, before what is in the others", () => {
    const tested = list(file("/a"), file("/z", "aa", DEVEL));
    const shipped = list(file("/a", "bb"), file("/z", "aa", "greet-libs-1.0-1.x86_64"));
    expect(changesBetween(tested, shipped)).toEqual([
      { package: DEVEL, kind: "package", name: "", is: "missing" },
      { package: "greet-libs-1.0-1.x86_64", kind: "package", name: "", is: "added" },
      { package: GREET, kind: "file", name: "/a", is: "changed" },
    ]);
  });

  test("a file is missing, added, or changed in its content, mode or owner", () => {
    const [tested, shipped] = [list(file("/a"), file("/b")), list(file("/b"), file("/c"))];
    expect(changesBetween(tested, shipped).map(({ name, is }) => [name, is])).toEqual([
      ["/a", "missing"],
      ["/c", "added"],
    ]);
    const setuid = file("/b").replace("100755", "104755");
    expect(changesBetween(list(file("/b")), list(setuid))).toEqual([
      { package: GREET, kind: "file", name: "/b", is: "changed" },
    ]);
  });

  test("scripts and what is required are compared too, also where it is required twice", () => {
    const tested = list(
      `${GREET}\tscripts\t\taa`,
      `${GREET}\trequires\tlibx\t< 3`,
      `${GREET}\trequires\tlibx\t>= 2`,
    );
    const shipped = list(`${GREET}\tscripts\t\tbb`, `${GREET}\trequires\tlibx\t< 3`);
    expect(changesBetween(tested, shipped).map(({ kind, name, is }) => [kind, name, is])).toEqual([
      ["requires", "libx", "changed"],
      ["scripts", "", "changed"],
    ]);
  });

  const lines = fc.uniqueArray(
    fc
      .tuple(
        fc.constantFrom(GREET, DEVEL),
        fc.constantFrom("file", "requires"),
        fc.constantFrom("/a", "/b", "c"),
      )
      .chain((line) => fc.constantFrom("1", "2").map((value) => [...line, value].join("\t"))),
  );
  const lists = lines.map((all) => list(...all.toSorted()));

  test("any difference of the sorted lists is found, and both ways round", () => {
    const turned = { missing: "added", added: "missing", changed: "changed" } as const;
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const changes = changesBetween(a, b);
        expect(changes.length === 0).toBe(a === b);
        expect(linesBetween(a, b).length === 0).toBe(a === b);
        const back = changesBetween(b, a).map((change) => ({ ...change, is: turned[change.is] }));
        expect(back).toEqual(changes);
      }),
    );
  });

  test("the whole difference has each line that only one of them has", () => {
    expect(linesBetween(list(file("/a"), file("/b")), list(file("/b"), file("/c")))).toEqual([
      `-${file("/a")}`,
      `+${file("/c")}`,
    ]);
  });
});
