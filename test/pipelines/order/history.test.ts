import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  expected,
  heard,
  type History,
  History as Schema,
  historyKey,
  noHistory,
  type Passed,
} from "../../../src/pipelines/order/history.ts";
import { cases } from "../../fuzz.ts";

const passed = (n: number, seconds: number): Passed => ({
  target: "debian-12",
  arch: "x86_64",
  attempt: `1/push/main/a#build/greet/debian-12/x86_64#${n}`,
  at: new Date(Date.UTC(2026, 10, 21, 10, n)).toISOString(),
  seconds,
});
const after = (entries: readonly Passed[]): History => entries.reduce(heard, noHistory);
const told = (...seconds: number[]) =>
  expected(after(seconds.map((s, n) => passed(n, s))), "debian-12", "x86_64");

describe("what is expected of the next build", () => {
  test("nothing where nothing has passed yet, on this arch", () => {
    expect(told()).toBeUndefined();
    expect(expected(after([passed(1, 10)]), "debian-12", "aarch64")).toBeUndefined();
  });

  test("one build is told as it was", () => {
    expect(told(90)).toEqual({ seconds: 90, from: 1 });
  });

  test("one slow day changes nothing", () => {
    expect(told(60, 62, 61, 6000, 60, 61)).toEqual({ seconds: 61, from: 6 });
  });

  test("a recipe that got slower is believed after three builds, and one that got faster too", () => {
    expect(told(60, 60, 60, 60, 60, 60, 600, 600, 600)?.seconds).toBe(600);
    expect(told(600, 600, 600, 600, 600, 600, 60, 60, 60)?.seconds).toBe(60);
    expect(told(60, 60, 60, 60, 60, 600)?.seconds).toBe(60);
  });
});

describe("hearing", () => {
  const entry = fc
    .record({
      n: fc.nat({ max: 60 }),
      target: fc.constantFrom("a", "b/c", "__proto__"),
      arch: fc.constantFrom("x86_64", "aarch64" as const),
      seconds: fc.nat({ max: 10_000 }),
    })
    .map(({ n, target, arch }): Passed => ({
      ...passed(n, 10 * n),
      target,
      arch,
      attempt: `${target}${arch}#${n}`,
    }));

  test("twice adds once, any order comes to the same, twenty are kept of each", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), fc.nat(), (entries, seed) => {
        const history = after(entries);
        expect(after([...entries, ...entries])).toEqual(history);
        const others = entries.toSorted(
          (a, b) => ((a.seconds * 7919 + seed) % 101) - ((b.seconds * 7919 + seed) % 101),
        );
        expect(after(others)).toEqual(history);
        for (const builds of Object.values(history.builds)) expect(builds.length).toBeLessThanOrEqual(20);
        expect(Schema.parse(structuredClone(history))).toEqual(history);
      }),
      { numRuns: Math.ceil(cases() / 20) },
    );
  });

  test("of targets, those that were built last are kept", () => {
    const many = Array.from({ length: 130 }, (_, n) => ({ ...passed(n, 1), target: `t${n}` }));
    const { builds } = after(many);
    expect(Object.keys(builds)).toHaveLength(100);
    expect(builds["t129/x86_64"]).toBeDefined();
    expect(builds["t0/x86_64"]).toBeUndefined();
  });
});

test("a recipe's history has a plain key", () => {
  expect(historyKey(7, "a b/ü.spec")).toBe("history/7/a~20.b~2f.~fc..spec.json");
});
