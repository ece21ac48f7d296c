import { stagesOf } from "./job-stages.ts";
import { plan, type Wish } from "./plan.ts";
import type { Job, Run } from "./run.ts";
import { settled } from "./settled.ts";
import { attemptId, type Stage } from "./stage.ts";

/** The jobs of which all passed: what there is to bring on as it is. */
export function passedJobs({ jobs, stages }: Run): readonly Job[] {
  const passed = new Set(stages.filter(({ state }) => state === "passed").map(({ name }) => name));
  return jobs.filter((job) => stagesOf(job).every((name) => passed.has(name)));
}

/**
 * The run of a promotion by content: the very files that were tested, by their recorded digests, with nothing left to build.
 * The wish is for jobs of the tested run that passed.
 */
export function planContent(wish: Wish, tested: Run): Run {
  const run = plan(wish);
  const known = new Map(tested.stages.map((stage) => [stage.name, asPublished(tested, stage)]));
  const stages = run.stages.map((stage) => {
    const was = known.get(stage.name);
    return stage.kind === "publish" || !was ? stage : brought(stage, was, { run: tested.id, at: wish.at });
  });
  return { ...run, stages: settled(stages) };
}

/** A tree that others were published before is on the mirror as another commit than was composed: that one is meant. */
function asPublished({ jobs, stages }: Run, stage: Stage): Stage {
  const tree = jobs.find(({ build }) => build === stage.name)?.tree;
  if (!tree || "wrong" in tree || stage.facts?.["commit"] === undefined) return stage;
  const told = stages.filter(({ kind, state }) => kind === "publish" && state === "passed");
  const commit = told.map(({ facts }) => facts?.[`commit of ${tree.ref}`]).find((sum) => sum !== undefined);
  return commit === undefined ? stage : { ...stage, facts: { ...stage.facts, commit } };
}

/** A stage with what the tested one left. */
function brought(
  { name, kind, pool, needs, attempt }: Stage,
  was: Stage,
  { run, at }: { readonly run: string; readonly at: string },
): Stage {
  const { prefix, files, sources, image, facts, boot } = was;
  const from = facts?.["taken from"] ?? attemptId({ run, stage: was.name, attempt: was.attempt });
  const told = {
    ...(prefix !== undefined && { prefix }),
    ...(files && { files }),
    ...(sources && { sources }),
    ...(image !== undefined && { image }),
    ...(boot && { boot }),
  };
  const done = { state: "passed", endedAt: at, facts: { ...facts, "taken from": from } } as const;
  return { name, kind, pool, needs, attempt, ...done, ...told };
}
