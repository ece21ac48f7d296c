import { recipesOf } from "../../bot/config/recipes.ts";
import type { RepoRef } from "../../bot/events.ts";
import { type Choosing, chosen, isNamed, knownIn, type Wanted, wantedWork } from "../../bot/work/work.ts";
import { answers } from "../../bot/words/answers.ts";
import { stagesOf } from "../../pipelines/job-stages.ts";
import { jobName, layOut } from "../../pipelines/plan.ts";
import { type Run, runId, runKey } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { forecastWork, readCommit } from "../decide/choose-work.ts";
import type { DecidePorts } from "../decide/ports.ts";
import { bindLayers } from "../decide/bind-layers.ts";
import { laidAliases } from "../decide/follow-aliases.ts";
import { decidePull, triggerOf } from "../decide/pull.ts";
import type { Judged } from "../decide/judge-pull.ts";
import { reopen, retries } from "../decide/retry.ts";

interface Asked extends Judged {
  readonly repo: RepoRef;
  readonly wanted: Wanted;
}

/** `/build`: adds what was asked for to the run of the newest commit, and tries again what did not pass. */
export async function askBuild(
  ports: DecidePorts,
  { repo, pull, config: today, leave, wanted }: Asked,
): Promise<string> {
  const trigger = triggerOf(pull);
  const run = (await ports.runs.read(runKey(runId(repo, trigger))))?.value;
  const config = laidAliases(today, run);
  const commit = await readCommit(ports, { repo, trigger, config, leave });
  if ("refusal" in commit) return answers.notBuilt(commit.refusal.title);
  const recipes = recipesOf(config, commit.paths, knownIn(commit)).recipes.map(({ recipe }) => recipe);
  const names = recipes.map(({ name }) => name);
  const stranger = wanted.recipes.find((word) => !recipes.some((recipe) => isNamed(recipe, word)));
  if (stranger !== undefined) return answers.noJob(stranger, names);
  const bare = askedWork(commit, wanted);
  if (bare.length === 0) return nothingOf(ports, commit, wanted);
  const bound = await bindLayers(ports, { repo, config, trigger, known: run }, bare);
  const { work, left } = await forecastWork(ports, repo, bound);
  const [slow] = left;
  if (work.length === 0 && slow) return answers.notBuilt(`${slow.what}: ${slow.because}`);
  if (run) return extend(ports, run, layOut(work, run.zone));
  const outcome = await decidePull(ports, { kind: "pull-changed", repo, number: pull.number }, wanted);
  return outcome.run ? answers.building(work.map(jobName)) : answers.notBuilt(outcome.because);
}

const askedWork = (commit: Choosing, wanted: Wanted) =>
  wanted.recipes.length === 0 && wanted.arches.length === 0
    ? chosen(commit).work
    : wantedWork(commit, wanted);

const nothingOf = (ports: DecidePorts, commit: Choosing, { recipes, arches }: Wanted): string =>
  recipes.length === 0 && chosen(commit).work.length === 0
    ? answers.untouched
    : answers.noSuchArch(arches, archesOf(ports));

const archesOf = ({ deployment }: DecidePorts): readonly string[] => [
  ...new Set(Object.values(deployment.targets).flatMap(({ images }) => Object.keys(images))),
];

async function extend(
  ports: DecidePorts,
  run: Run,
  { jobs, stages }: ReturnType<typeof layOut>,
): Promise<string> {
  const at = ports.clock();
  const known = new Set(run.jobs.map(({ name }) => name));
  const fresh = jobs.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const names = jobs.flatMap(stagesOf);
  const signals: readonly Signal[] = [...retries(run, names, at), { kind: "extended", at, jobs, stages }];
  const moved = await reopen(ports, run.id, signals);
  const tried = jobs
    .filter((job) => stagesOf(job).some((stage) => isMoved(run, moved, stage)))
    .map(({ name }) => name)
    .filter((name) => !fresh.includes(name));
  if (fresh.length === 0 && tried.length === 0) return answers.alreadyBuilt(jobs.map(({ name }) => name));
  return [fresh.length > 0 ? answers.building(fresh) : "", tried.length > 0 ? answers.again(tried) : ""]
    .filter((part) => part !== "")
    .join(" ");
}

/** Does a stage have another attempt than before? */
export function isMoved(before: Run, after: Run | undefined, name: string): boolean {
  const attempt = (run: Run | undefined) => run?.stages.find((stage) => stage.name === name)?.attempt;
  return attempt(before) !== undefined && attempt(before) !== attempt(after);
}
