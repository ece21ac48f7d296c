import { ownStages } from "./job-stages.ts";
import type { Job, Run } from "./run.ts";
import type { Stage } from "./stage.ts";

/** The jobs and stages of a run with those that were asked for since. Stages stay in order of need. */
export function extend(
  { jobs, stages }: Pick<Run, "jobs" | "stages">,
  more: Pick<Run, "jobs" | "stages">,
): Pick<Run, "jobs" | "stages"> {
  const known = new Set(jobs.map(({ name }) => name));
  const added = more.jobs.filter(({ name }) => !known.has(name));
  if (added.length === 0) return { jobs, stages };
  const there = new Set(stages.map(({ name }) => name));
  const fresh = more.stages.filter(({ name }) => !there.has(name));
  return { jobs: [...jobs, ...added], stages: [...stages, ...fresh, ...published(stages, added)] };
}

/** What publishes a run's results publishes those of the new jobs too, in a stage behind the last one. */
function published(stages: readonly Stage[], added: readonly Job[]): Stage[] {
  const before = stages.findLast(({ kind }) => kind === "publish");
  if (!before) return [];
  const builds = added.flatMap(ownStages).map((stage) => ({ stage, be: "over" as const }));
  const count = stages.filter(({ kind }) => kind === "publish").length;
  const needs = [{ stage: before.name, be: "over" as const }, ...builds];
  const channel = before.name.split("/")[1] ?? "";
  const { kind, pool } = before;
  return [{ kind, pool, name: `backfill/${channel}/${count}`, needs, state: "waiting", attempt: 1 }];
}
