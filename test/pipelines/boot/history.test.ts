import * as fc from "fast-check";
import { expect, test } from "vitest";
import { growth, overBudget } from "../../../src/pipelines/boot/budget.ts";
import {
  alike,
  type BootEntry,
  type BootHistory,
  lastOf,
  remembered,
} from "../../../src/pipelines/boot/history.ts";

const entry = (changes: Partial<BootEntry> = {}): BootEntry => ({
  attempt: "1/push/main/a#check/os#1",
  at: "2026-11-21T10:00:00.000Z",
  channel: "devel",
  what: "Disk:oem",
  accelerator: "tcg",
  machine: "q35",
  first: { login: 40 },
  warm: { login: 30 },
  ...changes,
});

const like = { what: "Disk:oem", accelerator: "tcg", machine: "q35" };

test.for([{ accelerator: "kvm" }, { machine: "virt" }, { what: ":iso" }])(
  "a boot of another kind is never compared with: %j",
  (other) => {
    const history = remembered(undefined, entry(other));
    expect(alike(history, like)).toEqual([]);
  },
);

test("the last release of the same channel counts, and where there is none the last of any", () => {
  const history = [
    entry({ attempt: "a", at: "2026-11-01T00:00:00Z", channel: "release", number: "7" }),
    entry({ attempt: "b", at: "2026-11-02T00:00:00Z", channel: "devel" }),
  ].reduce<BootHistory | undefined>(remembered, undefined);
  expect(lastOf(alike(history, like), "release")).toMatchObject({ number: "7" });
  expect(lastOf(alike(history, like), "pr/7")).toMatchObject({ at: "2026-11-02T00:00:00Z" });
  expect(lastOf([], "devel")).toBeUndefined();
});

test("what is heard twice is known once, in any order the newest are kept, and there are never too many", () => {
  const entries = fc.array(
    fc
      .record({ attempt: fc.nat(300), what: fc.nat(15) })
      .map(({ attempt, what }) =>
        entry({ attempt: `a${attempt}`, at: new Date(attempt * 1e9).toISOString(), what: `${what}:oem` }),
      ),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(entries, (list) => {
      const { boots } = list.reduce<BootHistory>(remembered, { v: 1, boots: [] });
      const times = boots.map(({ at }) => at);
      expect(times).toEqual(times.toSorted().toReversed());
      expect(new Set(boots.map(({ attempt }) => attempt)).size).toBe(boots.length);
      expect(boots.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 50 },
  );
});

const before = { at: "2026-11-21T10:00:00.000Z", first: { login: 40 }, warm: { login: 20 } };
test.for([
  [{ seconds: 60, slower: 20, fail: false }, { first: { login: 48 }, warm: { login: 24 }, before }, []],
  [{ seconds: 60, fail: false }, { first: { login: 70.04 } }, [{ what: "seconds", is: 70, allowed: 60 }]],
  [
    { slower: 20, fail: true },
    { first: { login: 40 }, warm: { login: 30 }, before },
    [{ what: "slower", is: 50, allowed: 20 }],
  ],
  [{ slower: 20, fail: true }, { first: { login: 400 } }, []],
  [{ fail: true }, { first: { login: 400 }, before }, []],
] as const)("a budget of %j, %j: over in %j", ([budget, times, over]) => {
  expect(overBudget(budget, times)).toEqual(over);
});

test("nothing grows against nothing", () => {
  expect(growth({ login: 0 }, { login: 3 })).toBeUndefined();
  expect(growth(undefined, { login: 3 })).toBeUndefined();
  expect(growth({ login: 4 }, { login: 3 })).toBe(-25);
});
