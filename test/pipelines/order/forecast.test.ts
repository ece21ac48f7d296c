import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forecast, type Patience, predicted } from "../../../src/pipelines/order/forecast.ts";
import { heard, noHistory } from "../../../src/pipelines/order/history.ts";
import { instant, isoOf } from "../../../src/pipelines/instant.ts";
import { planAdvisory } from "../../../src/pipelines/plan-advisory.ts";
import { cases } from "../../fuzz.ts";

const patience: Patience = { dayMinutes: 60, nightMinutes: 420, night: { from: "22:00", to: "06:00" } };
const noon = "2026-11-21T12:00:00.000Z";
const hours = (count: number): number => count * 3600;
const advisory = (expected?: number) =>
  ({ tier: "advisory", ...(expected !== undefined && { expected }) }) as const;

describe("what is advisory", () => {
  test.each([
    ["short", hours(0.5), noon, { kind: "now", endsBy: "2026-11-21T14:00:00.000Z" }],
    ["of unknown length", undefined, noon, { kind: "now", endsBy: "2026-11-21T14:00:00.000Z" }],
    [
      "long",
      hours(5),
      noon,
      { kind: "night", notBefore: "2026-11-21T22:00:00.000Z", endsBy: "2026-11-22T06:00:00.000Z" },
    ],
    [
      "long, early in the night",
      hours(5),
      "2026-11-21T23:00:00.000Z",
      { kind: "now", endsBy: "2026-11-22T06:00:00.000Z" },
    ],
    [
      "long, early in the night, after midnight",
      hours(5),
      "2026-11-22T00:30:00.000Z",
      { kind: "now", endsBy: "2026-11-22T06:00:00.000Z" },
    ],
    [
      "long, too late in the night",
      hours(5),
      "2026-11-22T02:00:00.000Z",
      { kind: "night", notBefore: "2026-11-22T22:00:00.000Z", endsBy: "2026-11-23T06:00:00.000Z" },
    ],
    [
      "longer than a night's work may be",
      hours(7.5),
      noon,
      { kind: "refused", seconds: hours(7.5), limit: hours(7) },
    ],
  ])("and %s begins when it fits", (...[, seconds, now, planned]) => {
    expect(forecast(advisory(seconds), patience, now)).toEqual(planned);
  });

  test("has no end where the deployment has no patience to speak of", () => {
    expect(forecast(advisory(hours(50)), undefined, noon)).toEqual({ kind: "now" });
  });
});

test("what is required begins at once, however long it takes", () => {
  expect(forecast({ tier: "required", expected: hours(50) }, patience, noon)).toEqual({ kind: "now" });
});

describe("whatever the patience and the time", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
  const any = fc.record({
    patience: fc.record({
      dayMinutes: fc.integer({ min: 1, max: 600 }),
      nightMinutes: fc.integer({ min: 1, max: 1440 }),
      night: fc.record({ from: time, to: time }),
    }),
    expected: fc.integer({ min: 0, max: 200_000 }),
    at: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
  });

  test("what begins has the time that it is expected to take, within a day and a half, or is told it has not", () => {
    fc.assert(
      fc.property(any, ({ patience, expected, at }) => {
        const planned = forecast(advisory(expected), patience, isoOf(at));
        expect([planned, isSound(planned, { expected, at })]).toEqual([planned, true]);
      }),
      { numRuns: cases() },
    );
  });
});

function isSound(
  planned: ReturnType<typeof forecast>,
  { expected, at }: { readonly expected: number; readonly at: number },
): boolean {
  if (planned.kind === "refused") return planned.seconds === expected && expected > planned.limit;
  const begin = planned.kind === "night" ? instant(planned.notBefore) : at;
  const isInTime = begin >= at && begin - at <= 86_400;
  return isInTime && instant(planned.endsBy ?? "") - begin >= expected;
}

describe("how long a build takes", () => {
  const native = heard(noHistory, { target: "t", arch: "x86_64", attempt: "a", at: noon, seconds: 100 });
  const job = { target: "t", arch: "s390x" } as const;

  test("is told by builds of an arch that is not emulated, times what emulation costs", () => {
    const factors = { s390x: { plain: 15, accelerated: 1.5 } };
    expect(predicted(native, job, factors)).toBe(150);
    expect(predicted(native, { ...job, emulation: "plain" }, factors)).toBe(1500);
    expect(predicted(native, job)).toBeUndefined();
    expect(predicted(noHistory, job, factors)).toBeUndefined();
  });

  test("is told by its own builds once there are some", () => {
    const own = heard(native, { ...job, attempt: "b", at: noon, seconds: 400 });
    expect(predicted(own, job, { s390x: { plain: 15 } })).toBe(400);
  });
});

test("work that takes too long is left out, with the number; the rest says when it begins and ends", () => {
  const recipe = { kind: "rpm", name: "greet", path: "greet.spec" } as const;
  const of = { recipe, target: "t", arch: "s390x" } as const;
  const [short, long] = [
    { ...of, ...advisory(60) },
    { ...of, ...advisory(hours(20)) },
  ];
  expect(planAdvisory([short, long], patience, noon)).toEqual({
    work: [{ ...short, endsBy: "2026-11-21T14:00:00.000Z" }],
    tooLong: [{ work: long, seconds: hours(20), limit: hours(7) }],
    treeless: [],
  });
});
