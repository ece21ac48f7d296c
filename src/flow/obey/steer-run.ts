import { jobsNamed } from "../../bot/commands/jobs-named.ts";
import { answers } from "../../bot/words/answers.ts";
import { because } from "../../bot/words/because.ts";
import { publishName } from "../../bot/words/check.ts";
import { ownStages, stagesOf } from "../../pipelines/job-stages.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { isOver } from "../../pipelines/stage.ts";
import { isMoved } from "./build.ts";
import type { DecidePorts } from "../decide/ports.ts";
import { moveRun } from "../move-run.ts";
import { allStages, reopen, retries } from "../decide/retry.ts";

/** `/retry`: another attempt of what did not pass, in all jobs or in those that are named. */
export async function retry(ports: DecidePorts, run: Run, word: string | undefined): Promise<string> {
  const jobs = word === undefined ? run.jobs : jobsNamed(run, word);
  if (word !== undefined && jobs.length === 0) return answers.noJob(word, namesOf(run.jobs));
  const names = word === undefined ? allStages(run) : jobs.flatMap(stagesOf);
  const moved = await reopen(ports, run.id, retries(run, names, ports.clock()));
  const again = jobs.filter((job) => stagesOf(job).some((name) => isMoved(run, moved, name)));
  const others = run.stages.filter(({ name, kind }) => kind === "publish" && isMoved(run, moved, name));
  const said = [...namesOf(again), ...others.map(({ name }) => publishName(run, name))];
  return said.length > 0 ? answers.again(said) : answers.nothingToRetry;
}

/** `/cancel`: stops what is not over, in all jobs or in those that are named. */
export async function cancel(
  ports: DecidePorts,
  run: Run,
  { word, login }: { readonly word: string | undefined; readonly login: string },
): Promise<string> {
  const jobs = word === undefined ? run.jobs : jobsNamed(run, word);
  if (word !== undefined && jobs.length === 0) return answers.noJob(word, namesOf(run.jobs));
  const stages = word === undefined ? allStages(run) : onlyTheirs(run, jobs);
  const live = new Set(run.stages.filter((stage) => !isOver(stage)).map(({ name }) => name));
  const signal = { kind: "cancelled", at: ports.clock(), because: because.person(login), stages } as const;
  await moveRun(ports)(run.id, [signal]);
  const stopped = jobs.filter((job) => ownStages(job).some((name) => live.has(name)));
  return stopped.length > 0 ? answers.stopped(namesOf(stopped)) : answers.nothingToStop;
}

/** The builds of these jobs, and the sources that no other job needs. */
function onlyTheirs(run: Run, jobs: readonly Job[]): readonly string[] {
  const others = new Set(run.jobs.filter((job) => !jobs.includes(job)).map(({ source }) => source));
  const sources = jobs.map(({ source }) => source).filter((source) => !others.has(source));
  return [...jobs.flatMap(ownStages), ...sources];
}

const namesOf = (jobs: readonly Job[]): readonly string[] => jobs.map(({ name }) => name);
