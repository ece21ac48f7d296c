import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Budget,
  Budget as Schema,
  closed,
  draw,
  noBudget,
  type Weight,
} from "../../../src/pipelines/order/budget.ts";
import { cases } from "../../fuzz.ts";

const NOW = 1_800_000_000;
const many = (count: number, weight: Weight): readonly Weight[] =>
  Array.from({ length: count }, () => weight);
/** What is drawn at once by somebody of whom nothing was written of late. */
const drawn = (budget: Budget, writes: readonly Weight[], now: number) =>
  draw(budget, { about: `at ${now}`, writes }, now);

describe("of a budget", () => {
  test("no more than 80 writes are granted at once, and no more than 500 in an hour", () => {
    let budget = noBudget;
    const granted: number[] = [];
    for (let minute = 0; minute < 20; minute += 1) {
      const next = drawn(budget, many(100, "ended"), NOW + minute * 90);
      granted.push(next.granted);
      ({ budget } = next);
    }
    expect(granted).toEqual([80, 80, 80, 80, 80, 80, 20, ...Array.from({ length: 13 }, () => 0)]);
    expect(drawn(budget, many(100, "ended"), NOW + 3630).granted).toBe(80);
  });

  test("a share is left to what matters more", () => {
    expect(drawn(noBudget, many(100, "moved"), NOW).granted).toBe(60);
    expect(drawn(noBudget, many(100, "new"), NOW).granted).toBe(72);
    const { budget } = drawn(noBudget, many(60, "moved"), NOW);
    expect(drawn(budget, ["moved"], NOW).granted).toBe(0);
    expect(drawn(budget, ["ended", "ended", "new", "moved"], NOW).granted).toBe(3);
  });

  test("nothing is granted before the time until which GitHub wants silence, and the later of two counts", () => {
    const silent = closed(closed(noBudget, NOW + 60), NOW + 30);
    expect(drawn(silent, ["ended"], NOW + 59)).toEqual({ budget: silent, granted: 0 });
    expect(drawn(silent, ["ended"], NOW + 60).granted).toBe(1);
  });

  test("what begins need not wait while there is plenty", () => {
    const run = (budget: Budget, seconds: number) =>
      draw(budget, { about: "run", writes: ["began", "moved"] }, NOW + seconds).granted;
    const { budget } = draw(noBudget, { about: "run", writes: many(10, "new") }, NOW);
    expect(run(budget, 1)).toBe(2);
    const much = drawn(budget, many(40, "ended"), NOW + 1).budget;
    expect(run(much, 2)).toBe(0);
    expect(run(much, 10)).toBe(2);
  });

  test("updates of one thing are ten seconds apart, unless something is new or has ended", () => {
    const { budget } = draw(noBudget, { about: "run", writes: ["new"] }, NOW);
    const at = (writes: readonly Weight[], seconds: number, about = "run") =>
      draw(budget, { about, writes }, NOW + seconds).granted;
    expect(at(["moved"], 9)).toBe(0);
    expect(at(["moved"], 10)).toBe(1);
    expect(at(["moved"], 9, "another")).toBe(1);
    expect(at(["ended", "moved"], 1)).toBe(2);
    expect(at(["new", "moved"], 1)).toBe(2);
  });
});

/** A write as it happens: when it is drawn, how wrong the clock of who draws it is, how late it reaches GitHub. */
const Draw = fc.record({
  pause: fc.oneof({ weight: 3, arbitrary: fc.nat(5) }, fc.nat(120), fc.nat(2000)),
  skew: fc.integer({ min: -5, max: 5 }),
  late: fc.nat(19),
  about: fc.constantFrom("a", "b", "c"),
  writes: fc.record({ ended: fc.nat(60), new: fc.nat(60), began: fc.nat(60), moved: fc.nat(60) }),
});

/** The most that any so many seconds hold. */
function most(times: readonly number[], seconds: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  return sorted.reduce((max, time, last) => {
    while ((sorted[first] ?? time) <= time - seconds) first += 1;
    return Math.max(max, last - first + 1);
  }, 0);
}

test("never do more than 80 writes reach GitHub in any minute nor 500 in any hour, whoever draws when", () => {
  fc.assert(
    fc.property(fc.array(Draw, { maxLength: 60 }), (draws) => {
      let budget = noBudget;
      let time = NOW;
      const arrived: number[] = [];
      for (const { pause, skew, late, about, writes } of draws) {
        time += pause;
        const wanted = [
          ...many(writes.ended, "ended"),
          ...many(writes.new, "new"),
          ...many(writes.began, "began"),
          ...many(writes.moved, "moved"),
        ];
        const next = draw(budget, { about, writes: wanted }, time + skew);
        ({ budget } = next);
        arrived.push(...many(next.granted, "ended").map(() => time + late));
      }
      Schema.parse(budget);
      expect(most(arrived, 60)).toBeLessThanOrEqual(80);
      expect(most(arrived, 3600)).toBeLessThanOrEqual(500);
      expect(budget.spent.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: cases() },
  );
});
