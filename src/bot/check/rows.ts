import { stagesOf } from "../../pipelines/job-stages.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { isHeld } from "../../pipelines/settled.ts";
import { attemptId, isOver, type Stage } from "../../pipelines/stage.ts";
import type { Telling } from "./check.ts";
import { publishName, titleCell } from "../words/check.ts";
import { forCommitter } from "../words/holds.ts";

/** How a job, or a stage of the run, stands, as a row of a table. */
export interface Row {
  readonly name: string;
  /** Markdown that fits a cell. */
  readonly state: string;
  readonly url?: string | undefined;
  readonly is: "bad" | "open" | "passed";
}

/** A row for each job, and for each stage that publishes. */
export function rowsOf(run: Run, { logUrl, waits }: Pick<Telling, "logUrl" | "waits">): readonly Row[] {
  const url = ({ build, name, attempt }: Stage): string | undefined =>
    build ? logUrl(attemptId({ run: run.id, stage: name, attempt })) : undefined;
  const jobs = standing(run).map(({ job, stage }) => ({
    name: job.name,
    state: titleCell(stage, job, waits?.get(stage.name)),
    url: url(stage),
    is: is(stage),
  }));
  const publishes = run.stages
    .filter(({ kind }) => kind === "publish")
    .map((stage) => ({
      name: publishName(run, stage.name),
      state: isHeld(stage, run) ? forCommitter : titleCell(stage),
      url: url(stage),
      is: is(stage),
    }));
  return [...jobs, ...publishes];
}

const is = (stage: Stage): Row["is"] =>
  isOver(stage) ? (stage.state === "passed" ? "passed" : "bad") : "open";

/** Each job with the stage that it stands at: its sources until they are there, then its build, then its check. */
export function standing(run: Run): readonly { readonly job: Job; readonly stage: Stage }[] {
  const stages = new Map(run.stages.map((stage) => [stage.name, stage]));
  return run.jobs.flatMap((job) => {
    const own = stagesOf(job).flatMap((name) => stages.get(name) ?? []);
    const stage = own.find(({ state }) => state !== "passed") ?? own.at(-1);
    return stage ? [{ job, stage }] : [];
  });
}
