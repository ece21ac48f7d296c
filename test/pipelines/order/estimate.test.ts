import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ahead, estimate, type Known } from "../../../src/pipelines/order/estimate.ts";
import { instant } from "../../../src/pipelines/instant.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import { StageState } from "../../../src/pipelines/stage.ts";
import { cases } from "../../fuzz.ts";
import { laid } from "../laid.ts";

const run = laid({
  repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
  trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
  at: "2026-11-21T10:00:00.000Z",
  recipes: [{ kind: "rpm", name: "greet", path: "greet.spec" }],
  targets: { t: { x86_64: "required", s390x: "required", aarch64: "advisory" } },
});
const [SOURCE, X86, S390, ARM] = [
  "source/greet",
  "build/greet/t/x86_64",
  "build/greet/t/s390x",
  "build/greet/t/aarch64",
] as const;
const names = run.stages.map(({ name }) => name);
const now = "2026-11-21T10:10:00.000Z";
const takes = new Map<string, number>([
  [SOURCE, 20],
  [X86, 100],
  [S390, 300],
  [ARM, 9000],
  ["publish/devel", 40],
]);
const known: Known = { now, expected: takes, ahead: new Map() };
const having = (states: Readonly<Record<string, StageState>>, startedAt = now): Run => ({
  ...run,
  stages: run.stages.map((stage) => ({ ...stage, state: states[stage.name] ?? stage.state, startedAt })),
});
const stateOf = (run: Run, stage: string) => run.stages.find(({ name }) => name === stage)?.state;
const job = (name: string) => `rpm:greet:t-${name}`;

describe("an estimate", () => {
  test("adds what stands behind each other; what is advisory has an end of its own", () => {
    const { jobs, run: all } = estimate(run, known);
    expect(jobs).toEqual(
      new Map([
        [job("x86_64"), 120],
        [job("s390x"), 320],
        [job("aarch64"), 9020],
      ]),
    );
    expect(all).toBe(360);
  });

  test("the line before a pool is waited for, and moves while the sources are fetched", () => {
    const pool = run.stages.find(({ name }) => name === X86)?.pool ?? "";
    const ahead = new Map([[pool, { stages: 3, slots: 2, seconds: 600 }]]);
    expect(estimate(run, { ...known, ahead }).jobs.get(job("x86_64"))).toBe(1000);
  });

  test("a stage that runs needs what is left of it, and nothing if it takes longer than ever", () => {
    const running = having(
      { [SOURCE]: "passed", [X86]: "running", [S390]: "running" },
      "2026-11-21T10:08:00.000Z",
    );
    const { jobs } = estimate(running, known);
    expect(jobs.get(job("x86_64"))).toBe(0);
    expect(jobs.get(job("s390x"))).toBe(180);
  });

  test("nobody knows when a recipe that was never built on an arch will be done, nor then the run", () => {
    const expected = new Map([[X86, 100]]);
    const { jobs, run: all } = estimate(run, { ...known, expected });
    expect([...jobs.keys()]).toEqual([job("x86_64")]);
    expect(all).toBeUndefined();
  });

  test("where all is advisory, all is waited for", () => {
    const advisory: Run = { ...run, jobs: run.jobs.map((one) => ({ ...one, tier: "advisory" as const })) };
    expect(estimate(advisory, known).run).toBeGreaterThan(9000);
  });
});

describe("whatever state a run is in", () => {
  const ahead = fc.record({
    stages: fc.nat({ max: 50 }),
    slots: fc.nat({ max: 9 }),
    seconds: fc.nat({ max: 9999 }),
  });
  const pools = [...new Set(run.stages.map(({ pool }) => pool))];
  const story = fc.record({
    states: fc.array(fc.constantFrom(...StageState.options), {
      minLength: names.length,
      maxLength: names.length,
    }),
    seconds: fc.array(fc.nat({ max: 9999 }), { minLength: names.length, maxLength: names.length }),
    lines: fc.array(ahead, { minLength: pools.length, maxLength: pools.length }),
    more: fc.nat({ max: 20 }),
    minutes: fc.nat({ max: 59 }),
  });
  const setting = ({
    states,
    seconds,
    lines,
    minutes,
  }: {
    states: readonly StageState[];
    seconds: readonly number[];
    lines: readonly Ahead[];
    minutes: number;
  }) => ({
    run: having(
      Object.fromEntries(names.map((name, i) => [name, states[i] ?? "ready"])),
      `2026-11-21T10:${`${minutes}`.padStart(2, "0")}:00.000Z`,
    ),
    known: {
      now,
      expected: new Map(names.map((name, i) => [name, seconds[i] ?? 0])),
      ahead: new Map(pools.map((pool, i) => [pool, lines[i] ?? { stages: 0, slots: 1, seconds: 0 }])),
    },
  });

  test("no end is in the past, the run's is none before a required job's, and what is over needs no time", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { run, known } = setting(told);
        const { jobs, run: all } = estimate(run, known);
        const ends = run.jobs.map(({ name }) => jobs.get(name) ?? -1);
        const required = run.jobs.filter(({ tier }) => tier === "required");
        const over = run.jobs.filter(({ build }) => stateOf(run, build) === "passed");
        expect(Math.min(...ends)).toBeGreaterThanOrEqual(0);
        expect(all).toBeGreaterThanOrEqual(Math.max(...required.map(({ name }) => jobs.get(name) ?? 0)));
        expect(over.every(({ name }) => jobs.get(name) === 0)).toBe(true);
      }),
      { numRuns: Math.ceil(cases() / 10) },
    );
  });

  test("a longer line never makes anything earlier", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { run, known } = setting(told);
        const longer = new Map(
          [...known.ahead].map(([pool, line]) => [pool, { ...line, stages: line.stages + told.more }]),
        );
        const [short, long] = [estimate(run, known), estimate(run, { ...known, ahead: longer })];
        expect(long.run).toBeGreaterThanOrEqual(short.run ?? 0);
        for (const [name, end] of short.jobs) expect(long.jobs.get(name)).toBeGreaterThanOrEqual(end);
      }),
      { numRuns: Math.ceil(cases() / 10) },
    );
  });

  test("what is advisory is not waited for", () => {
    fc.assert(
      fc.property(story, (told) => {
        const { run, known } = setting(told);
        const slow = new Map([...known.expected, [ARM, 1_000_000] as const]);
        expect(estimate(run, { ...known, expected: slow }).run).toBe(estimate(run, known).run);
      }),
      { numRuns: Math.ceil(cases() / 10) },
    );
  });
});

test("instants are those of the calendar", () => {
  const times = fc
    .integer({ min: -8_000_000_000, max: 200_000_000_000 })
    .map((s) => new Date(s * 1000).toISOString());
  fc.assert(
    fc.property(
      times.filter((iso) => /^\d{4}-/.test(iso)),
      (iso) => {
        expect(instant(iso)).toBe(Date.parse(iso) / 1000);
      },
    ),
    { numRuns: cases() },
  );
});
