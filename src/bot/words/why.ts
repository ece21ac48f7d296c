import type { Job, Run } from "../../pipelines/run.ts";
import type { Stage } from "../../pipelines/stage.ts";
import { code } from "../markdown/markdown.ts";
import type { Leave } from "../trust.ts";
import { commit } from "./commit.ts";
import { differsWhy } from "./holds.ts";
import { leaveSentence } from "./leave.ts";
import { rules } from "./rules.ts";
import { stopped } from "./stopped.ts";

/** What `/why` is answered. */

const TRIGGER = {
  pull: "A pull request was opened or changed",
  push: "A branch was pushed to",
  queue: "The merge queue asked",
  nightly: "A nightly channel's hour came",
  promotion: "Somebody promoted a release",
  rollback: "Somebody took a channel back",
  rebuild: "Something that it depends on changed",
} as const;

export function decided(run: Run): string {
  const count = `${run.jobs.length} ${run.jobs.length === 1 ? "job" : "jobs"}`;
  return `${TRIGGER[run.trigger.kind]}: ${commit(run)}. Decided at ${run.at.slice(0, 16).replace("T", " ")} UTC: ${count}, since ${leaveSentence(run.leave)}.\n`;
}

export const nothing = (sha: string, leave: Leave): string =>
  leave.may
    ? `Nothing is built of ${code(sha.slice(0, 10))}, though ${rules[leave.rule]}: the check \`millwright\` says what is wrong.`
    : `Nothing is built of ${code(sha.slice(0, 10))}, since ${rules[leave.rule]}.`;

export const left = ({ what, because }: { readonly what: string; readonly because: string }): string =>
  `- ${code(what)} is not built: ${because}`;

export const unknown = (job: Job): string => `- ${code(job.name)} has no stages`;

/** Where there are no jobs: how a stage of the run stands. */
export const stageStands = (stage: Stage, behind: readonly string[]): string =>
  `- ${code(stage.name)} ${how(stage, behind)}`;

export function stands(job: Job, stage: Stage, behind: readonly string[]): string {
  const tier = job.tier === "advisory" ? ", advisory" : "";
  return `- ${code(job.name)}${tier}: ${code(stage.name)} ${how(stage, behind)}`;
}

function how(stage: Stage, behind: readonly string[]): string {
  const attempt = stage.attempt > 1 ? ` (attempt ${stage.attempt})` : "";
  const first = (stage.because ?? "").split("\n")[0] ?? "";
  switch (stage.state) {
    case "waiting":
      return `waits for ${behind.map((name) => code(name)).join(", ")}${attempt}`;
    case "ready":
    case "starting":
      return `waits for a builder of the pool ${code(stage.pool)}${since(stage.readyAt)}${attempt}`;
    case "running":
      return `runs${stage.phase ? ` (${code(stage.phase)})` : ""}${since(stage.startedAt)}${attempt}`;
    case "passed":
      return `${built(stage, attempt)}${stage.differs ? differsWhy(stage.differs) : ""}`;
    case "skipped":
      return `was not begun, since ${code(first)} did not pass`;
    case "failed":
    case "timed-out":
    case "errored":
    case "cancelled":
      return `ended as ${stage.state}${attempt}${cause(stage, first)}`;
    default:
      return stage.state satisfies never;
  }
}

const built = ({ facts }: Stage, attempt: string): string =>
  facts?.["taken from"] ? `was taken from the equal build ${code(facts["taken from"])}` : `passed${attempt}`;

/** A log's first line is context: what it means says more. */
function cause({ trouble }: Stage, first: string): string {
  if (trouble?.kind) return `: ${stopped(trouble, code)}`;
  return first ? `: ${code(first)}` : "";
}

const since = (at: string | undefined): string => (at ? ` since ${at.slice(11, 16)} UTC` : "");
