import * as fc from "fast-check";
import { expect, test } from "vitest";
import { instant, isoOf } from "../../src/pipelines/instant.ts";
import { cases } from "../fuzz.ts";

const any = fc.integer({ min: -2_000_000_000, max: 20_000_000_000 });

test("any second is written as the clock of JavaScript writes it, and read as that reads it", () => {
  fc.assert(
    fc.property(any, (seconds) => {
      const iso = new Date(seconds * 1000).toISOString();
      expect([isoOf(seconds), instant(iso)]).toEqual([iso, seconds]);
    }),
    { numRuns: cases() },
  );
});

test("leap days and turns of years are written", () => {
  const days = ["2000-02-29", "2024-02-29", "2100-02-28", "2100-03-01", "2026-12-31", "2027-01-01"];
  const noons = days.map((day) => `${day}T12:00:00.000Z`);
  expect(noons.map((noon) => isoOf(instant(noon)))).toEqual(noons);
});
