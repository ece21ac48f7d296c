import { describe, expect, test } from "vitest";
import { instant } from "../../src/pipelines/instant.ts";
import { isOver } from "../../src/pipelines/stage.ts";
import { playYear } from "./year.ts";

describe.each([1, 2, 3])("a year of builds on few emulated builders, seed %i", (seed) => {
  const { fates, runs, refused, heldBack, takenByAdvisory } = playYear(seed);
  const advisory = fates.filter(({ job }) => job.tier === "advisory");

  test("has builds of every kind: at once, at night, timed out, refused", () => {
    expect(advisory.some(({ job, stage }) => !job.notBefore && stage.state === "passed")).toBe(true);
    expect(advisory.some(({ job, stage }) => job.notBefore && stage.state === "passed")).toBe(true);
    expect(advisory.some(({ stage }) => stage.state === "timed-out")).toBe(true);
    expect(refused).toBeGreaterThan(0);
  });

  test("gives what is advisory no builder while something required waits, and never all builders", () => {
    expect(heldBack).toBe(0);
    expect(takenByAdvisory).toBe(0);
  });

  test("ends every advisory build by the time that its check states", () => {
    const late = advisory.filter(
      ({ job, stage }) =>
        !isOver(stage) || job.endsBy === undefined || instant(stage.endedAt ?? "") > instant(job.endsBy),
    );
    expect(advisory.length).toBeGreaterThan(500);
    expect(late).toEqual([]);
  });

  test("begins nothing before its night", () => {
    const early = advisory.filter(
      ({ job, stage }) =>
        job.notBefore !== undefined &&
        stage.startedAt !== undefined &&
        instant(stage.startedAt) < instant(job.notBefore),
    );
    expect(early).toEqual([]);
  });

  test("opens publications when what is required is over, and what came late follows as a backfill", () => {
    const required = (run: (typeof runs)[number]) =>
      run.jobs.filter(({ tier }) => tier === "required").map(({ build }) => build);
    const held = runs.filter((run) => {
      const publish = run.stages.find(({ name }) => name === "publish/devel");
      const over = run.stages
        .filter(({ name }) => required(run).includes(name))
        .map(({ endedAt }) => endedAt);
      return over.some((end) => (publish?.readyAt ?? "") < (end ?? "")) || !over.includes(publish?.readyAt);
    });
    expect(held).toEqual([]);
    const late = runs.filter(({ jobs }) => jobs.some(({ tier }) => tier === "advisory"));
    expect(late.every(({ stages }) => stages.some(({ name }) => name === "backfill/devel"))).toBe(true);
  });
});
