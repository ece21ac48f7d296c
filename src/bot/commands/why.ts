import { stagesOf } from "../../pipelines/job-stages.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { isOver, type Stage } from "../../pipelines/stage.ts";
import { jobsNamed } from "./jobs-named.ts";
import type { Leave } from "../trust.ts";
import { answers } from "../words/answers.ts";
import * as words from "../words/why.ts";

/** The answer to `/why`, read off the record: what triggered, what was decided by which rule, what is waited for. */
export function why(
  run: Run | undefined,
  {
    leave,
    sha,
    job: word,
  }: { readonly leave: Leave; readonly sha: string; readonly job?: string | undefined },
): string {
  if (!run) return words.nothing(sha, leave);
  if (word === undefined) return [words.decided(run), ...leftOf(run), ...linesOf(run)].join("\n");
  const jobs = jobsNamed(run, word);
  const left = run.left.find(({ what }) => what === word);
  if (jobs.length === 0 && left) return words.left(left);
  if (jobs.length === 0)
    return answers.noJob(word, [...run.jobs.map(({ name }) => name), ...run.left.map(({ what }) => what)]);
  return [words.decided(run), ...jobs.slice(0, 30).map((job) => line(run, job))].join("\n");
}

const leftOf = (run: Run): readonly string[] => run.left.slice(0, 20).map(words.left);

const linesOf = (run: Run): readonly string[] =>
  run.jobs.length > 0
    ? run.jobs.slice(0, 30).map((job) => line(run, job))
    : run.stages.map((stage) => words.stageStands(stage, behind(run, stage)));

/** A job's stage that decides how it stands, and what that one waits for. */
function line(run: Run, job: Job): string {
  const stages = stagesOf(job).flatMap((name) => run.stages.find((stage) => stage.name === name) ?? []);
  const stage = stages.find((one) => one.state !== "passed") ?? stages.at(-1);
  if (!stage) return words.unknown(job);
  return words.stands(job, stage, behind(run, stage));
}

/** The names of the stages that one waits for. */
const behind = (run: Run, { needs }: Stage): readonly string[] =>
  needs
    .map((need) => run.stages.find(({ name }) => name === need.stage))
    .filter((one) => one !== undefined && !isOver(one))
    .flatMap((one) => one?.name ?? []);
