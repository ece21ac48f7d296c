import type { Job, Run } from "../../pipelines/run.ts";
import { isOver, type Stage } from "../../pipelines/stage.ts";
import { upgradeOf } from "../../pipelines/upgrade.ts";
import { artifacts } from "../check/artifacts.ts";
import { code, fence } from "../markdown/markdown.ts";
import { oneLine } from "../markdown/plain-text.ts";
import type { Wait } from "../check/check.ts";
import { bootSummary } from "./boot.ts";
import { commit } from "./commit.ts";

import { about } from "./duration.ts";
import { packagesSummary } from "./image-packages.ts";
import { installable } from "./installable.ts";
import { inLine } from "./eta.ts";
import { ended, planned } from "./forecast.ts";
import { aboveLog, stopped } from "./stopped.ts";
import { repeat } from "./repeat.ts";
import { doingOf, doneSaid, subjectOf, waitingFor } from "./stages.ts";
import { compared, type LogUrl, reused } from "./reused.ts";
import { layers } from "./layers.ts";
import { targets } from "./targets.ts";
import { derivedSummary, treeSummary, treeTitle } from "./tree.ts";
import { upgradeSummary } from "./upgrade.ts";

/** What check runs say. */

/** The line that people see in the list of checks: plain text. */
export const title = (stage: Stage, job?: Job, wait?: Wait): string =>
  titled(stage, { job, wait, foreign: (text) => oneLine(text, 100) });

/** The same for a job of a run: a tree that was upgraded to still says which one it is. */
export function jobTitle({ run, job, stage }: Told, wait?: Wait): string {
  const said = title(stage, job, wait);
  const build = run.stages.find(({ name }) => name === job.build);
  const isTree = job.recipe.kind === "tree" && stage.kind === "check" && stage.state === "passed";
  return isTree && build?.facts ? `${treeTitle(build)}. ${said}` : said;
}

/** The same as Markdown, for tables. */
export const titleCell = (stage: Stage, job?: Job, wait?: Wait): string =>
  titled(stage, { job, wait, foreign: (text) => code(text) });

interface Around {
  readonly job: Job | undefined;
  readonly wait: Wait | undefined;
  readonly foreign: (text: string) => string;
}

const titled = (stage: Stage, around: Around): string =>
  `${state(stage, around)}${around.job?.tier === "advisory" ? " (advisory: does not block)" : ""}`;

function state(stage: Stage, { job, wait, foreign }: Around): string {
  const [subject, doing] = [subjectOf(stage, job), doingOf(stage, job)];
  switch (stage.state) {
    case "waiting":
      return waitingFor(stage, job);
    case "ready":
    case "starting":
      return `${doing}: waiting for a builder${wait ? `, ${inLine(wait)}` : ""}${stage.kind === "build" ? planned(job ?? {}) : ""}`;
    case "running":
      return `${doing}${stage.phase ? ` (${foreign(stage.phase)})` : ""}${usually(stage, job)}`;
    case "passed":
      return doneSaid(stage, job);
    case "failed":
      return stage.trouble ? stopped(stage.trouble, foreign) : `${subject} failed`;
    case "timed-out":
      return `${subject} took too long and was stopped`;
    case "errored":
      return `${subject} could not be carried out: infrastructure trouble, not your change`;
    case "cancelled":
      return "Cancelled";
    case "skipped":
      return `Not begun, since ${stage.because === undefined ? "something before it" : foreign(stage.because)} did not pass`;
    default:
      return stage.state satisfies never;
  }
}

/** A job of a run, and the stage that it stands at. */
export interface Told {
  readonly run: Run;
  readonly job: Job;
  readonly stage: Stage;
}

const usually = ({ kind }: Stage, job: Job | undefined): string =>
  kind === "build" && job
    ? `${job.expected === undefined ? "" : `: takes ${about(job.expected)}`}${ended(job)}`
    : "";

/** `where`: what repeating the build by hand needs, and where its boots are drawn. */
export function jobSummary(
  { run, job, stage }: Told,
  where: Parameters<typeof repeat>[2] & { readonly plot?: string | undefined; readonly logUrl: LogUrl },
): string {
  const facts = `${code(job.recipe.path)} for ${code(job.target)} on ${code(job.arch)}, at ${commit(run)}${attempt(stage)}.`;
  const again = stage.kind === "build" && stage.state === "failed" ? repeat(run, job, where) : "";
  return [
    facts,
    job.tools ? targets.tools(job.tools) : "",
    job.layers ? layers.on(job.layers) : "",
    treesTold(run, job),
    reused(stage, where.logUrl),
    compared(stage, where.logUrl),
    differing(run, job),
    why(stage),
    stage.boot ? bootSummary(stage.boot, where.plot) : "",
    upgraded(stage),
    again,
    artifacts(stage),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function differing({ stages }: Run, job: Job): string {
  const packages = stages.find(({ name }) => name === job.build)?.packages;
  return packages ? packagesSummary(packages) : "";
}

/** The tree that was composed, or that an image was made of. */
function treesTold({ stages }: Run, job: Job): string {
  const build = stages.find(({ name, state }) => name === job.build && state === "passed");
  if (!build || (job.recipe.kind !== "tree" && job.from === undefined)) return "";
  const { facts = {} } = build;
  return job.from === undefined ? treeSummary(facts) : derivedSummary(job, facts);
}

function upgraded(stage: Stage): string {
  const upgrade = upgradeOf(stage);
  return upgrade ? upgradeSummary(upgrade, stage.facts ?? {}) : "";
}

export function publishSummary(run: Run, stage: Stage): string {
  const facts = `Channel ${code(run.channel ?? "")}, from ${commit(run)}${attempt(stage)}.`;
  const told = Object.entries(stage.facts ?? {}).map(([name, value]) => `- ${code(name)}: ${code(value)}`);
  return [facts, told.join("\n"), why(stage), installable(run, stage)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** `publish:devel`, `channel:pr/7`: what is done, and for which channel. */
export function publishName({ channel = "" }: Pick<Run, "channel">, stage: string): string {
  const [what = "", , ...more] = stage.split("/");
  return [`${what}:${channel}`, ...more].join("/");
}

const attempt = (stage: Stage): string => (stage.attempt > 1 ? `, attempt ${stage.attempt}` : "");

function why(stage: Stage): string {
  if (!stage.because || stage.state === "skipped" || stage.state === "passed") return "";
  if (!isOver(stage)) return again(stage.attempt - 1, stage.because);
  const isLog = (stage.trouble && stage.trouble.kind !== "conflict") || stage.because.includes("\n");
  return isLog ? `${aboveLog(stage.trouble)}\n\n${fence(stage.because)}` : `Why: ${code(stage.because)}`;
}

/** The last attempt was lost without the change's doing. */
const again = (lost: number, because: string): string =>
  `Attempt ${lost} failed for trouble of the infrastructure, not of your change; it is tried again by itself. Why: ${code(because)}`;
