import { secondsBetween } from "../instant.ts";
import { ownStages } from "../job-stages.ts";
import type { Run } from "../run.ts";
import { isOver, type Stage, type StageKind } from "../stage.ts";

/** The line before a pool of builders. */
export interface Ahead {
  /** How many stages are before ours, running ones counted. */
  readonly stages: number;
  /** How many builders there are. */
  readonly slots: number;
  /** How long one stage takes there, as a rule. */
  readonly seconds: number;
}

export interface Known {
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** How long a stage takes, in seconds, by its name. */
  readonly expected: ReadonlyMap<string, number>;
  /** By the pool's name; nobody is before us where it is missing. */
  readonly ahead: ReadonlyMap<string, Ahead>;
}

export interface Estimate {
  /** Seconds from now until each job is over, by its name; nothing where no build of it has passed yet. */
  readonly jobs: ReadonlyMap<string, number>;
  /** Seconds from now until all that is waited for is over: not what is advisory, nor its backfill. */
  readonly run: number | undefined;
}

/** Of stages that are much alike for all recipes, until their own history is known. */
const USUAL: Readonly<Partial<Record<StageKind, number>>> = { source: 30, check: 120, publish: 60 };

/** When a run will be over, as far as can be told. Never in the past: what takes longer than ever may end at once. */
export function estimate(run: Run, known: Known): Estimate {
  const ends = endsOf(run.stages, known);
  const jobs = run.jobs.flatMap(({ name, build, check }) => {
    const end = ends.get(check ?? build);
    return end === undefined ? [] : [[name, end] as const];
  });
  return { jobs: new Map(jobs), run: latest(awaitedOf(run).map(({ name }) => ends.get(name))) };
}

type Ends = ReadonlyMap<string, number | undefined>;

/** When each stage is over; what stages need is looked at first. */
function endsOf(stages: readonly Stage[], known: Known): Ends {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const ends = new Map<string, number | undefined>();
  const visit = (stage: Stage): void => {
    if (ends.has(stage.name)) return;
    // A stage that needed itself would be over at nobody knows when.
    ends.set(stage.name, undefined);
    for (const need of stage.needs) {
      const needed = byName.get(need.stage);
      if (needed) visit(needed);
    }
    ends.set(stage.name, endOf(stage, known, ends));
  };
  for (const stage of stages) visit(stage);
  return ends;
}

function endOf(stage: Stage, { now, expected, ahead }: Known, ends: Ends): number | undefined {
  if (isOver(stage)) return 0;
  const takes = expected.get(stage.name) ?? USUAL[stage.kind];
  if (takes === undefined) return undefined;
  if (stage.state === "running" || stage.state === "starting")
    return Math.max(0, takes - (stage.startedAt ? secondsBetween(stage.startedAt, now) : 0));
  const needs = stage.needs.map((need) => ends.get(need.stage));
  const begin = latest([...needs, inLine(ahead.get(stage.pool))]);
  return begin === undefined ? undefined : begin + takes;
}

/** The line moves by one as often as one of the builders is done. */
const inLine = (ahead: Ahead | undefined): number =>
  ahead ? (Math.max(0, ahead.stages) * Math.max(0, ahead.seconds)) / Math.max(1, ahead.slots) : 0;

/** The last of them; nobody knows if one is not known. */
function latest(ends: readonly (number | undefined)[]): number | undefined {
  let last = 0;
  for (const end of ends) {
    if (end === undefined) return undefined;
    last = Math.max(last, end);
  }
  return last;
}

/** All stages, but for advisory builds and what waits for them; those too where nothing is required. */
function awaitedOf({ jobs, stages }: Run): readonly Stage[] {
  if (jobs.every(({ tier }) => tier === "advisory")) return stages;
  const left = new Set(jobs.filter(({ tier }) => tier === "advisory").flatMap(ownStages));
  for (const { name, needs } of stages) if (needs.some(({ stage }) => left.has(stage))) left.add(name);
  return stages.filter(({ name }) => !left.has(name));
}
