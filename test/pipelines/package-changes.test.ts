import { expect, test } from "vitest";
import { packageChanges, packagesIn } from "../../src/pipelines/package-changes.ts";
import { newerList, type PackageList } from "../../src/pipelines/package-list.ts";

const KIWI = `bash|(none)|5.2|1.1|x86_64|obs://x|GPL
kernel|0|6.1|1|x86_64|(none)|GPL
kernel|0|6.2|1|x86_64|(none)|GPL
perl|4|5.36|7|noarch|(none)|Artistic
not a package
`;

const list = (packages: PackageList["packages"], more: Partial<PackageList> = {}): PackageList => ({
  v: 1,
  attempt: "1#build#1",
  at: "2026-01-01T00:00:00.000Z",
  packages,
  ...more,
});

test("kiwi's list is read as names with their versions, several of one name together", () => {
  expect(packagesIn("system.packages", KIWI)).toEqual({
    "bash.x86_64": "5.2-1.1",
    "kernel.x86_64": "6.1-1, 6.2-1",
    "perl.noarch": "4:5.36-7",
  });
});

test("a tree's list is read the same, whatever else its lines say", () => {
  const text = "bash-5.2-1.x86_64\nlib-a-b-1:2-3.noarch\tfile\t/usr/lib\nnonsense\n-1-2.x\n";
  expect(packagesIn("contents.tsv", text)).toEqual({ "bash.x86_64": "5.2-1", "lib-a-b.noarch": "1:2-3" });
});

test("what came, what went and what is another version is told by name", () => {
  const was = { "a.noarch": "1-1", "b.noarch": "1-1", "c.noarch": "1-1" };
  const is = { "b.noarch": "1-1", "c.noarch": "2-1", "d.noarch": "1-1" };
  expect(packageChanges(list(was), is)).toEqual({
    before: "1#build#1",
    at: "2026-01-01T00:00:00.000Z",
    count: 3,
    changes: [
      { name: "a.noarch", was: "1-1" },
      { name: "c.noarch", was: "1-1", is: "2-1" },
      { name: "d.noarch", is: "1-1" },
    ],
  });
});

test("of ten thousand changes the first are kept, and all are counted", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}.noarch`, "1-1"]));
  const { changes, count } = packageChanges(list({}), many);
  expect([changes.length, count]).toEqual([40, 10_000]);
});

test("a list of very many lines ends in bounded time, and a package called like Object's own is one", () => {
  const text = "__proto__-1-1.noarch\n".repeat(400_000);
  expect(Object.keys(packagesIn("contents.tsv", text))).toEqual(["__proto__.noarch"]);
});

test("of two lists the newer is kept, in whatever order they come, and the same one once", () => {
  const old = list({}, { at: "2026-01-01T00:00:00.000Z", attempt: "1#build#1" });
  const young = list({}, { at: "2026-01-02T00:00:00.000Z", attempt: "2#build#1" });
  expect(newerList(undefined, old)).toBe(old);
  expect(newerList(old, young)).toBe(young);
  expect(newerList(young, old)).toBe(young);
  expect(newerList(young, { ...young, at: "2026-01-03T00:00:00.000Z" })).toBe(young);
});
