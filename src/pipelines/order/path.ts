import type { Job, Run } from "../run.ts";
import type { Stage, StageKind } from "../stage.ts";

/** Seconds that a stage takes of which nothing is known yet. */
const USUAL: Readonly<Record<StageKind, number>> = { source: 30, build: 300, check: 120, publish: 60 };

/** How long a stage takes, in seconds: a build by its recipe's history, all else as it usually does. */
export const secondsOf = ({ kind }: Pick<Stage, "kind">, job?: Pick<Job, "expected">): number =>
  (kind === "build" ? job?.expected : undefined) ?? USUAL[kind];

/**
 * How many seconds lie before each stage of a run, by its name: its own, and the longest way of what waits for it, in
 * the run and, by `behind` of its job, in recipes that are built after it.
 */
export function pathsOf({ jobs, stages }: Pick<Run, "jobs" | "stages">): ReadonlyMap<string, number> {
  const byBuild = new Map(jobs.map((job) => [job.build, job]));
  const after = new Map<string, number>();
  const paths = new Map<string, number>();
  // Stages stand in order of need: whoever waits for one stands behind it.
  for (const stage of stages.toReversed()) {
    const job = byBuild.get(stage.name);
    const rest = Math.max(after.get(stage.name) ?? 0, job?.behind ?? 0);
    const path = secondsOf(stage, job) + rest;
    paths.set(stage.name, path);
    for (const need of stage.needs) after.set(need.stage, Math.max(after.get(need.stage) ?? 0, path));
  }
  return paths;
}
