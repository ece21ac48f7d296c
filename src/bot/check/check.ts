import type { Arch, Run } from "../../pipelines/run.ts";
import { attemptId, isOver, type Stage, type StageState } from "../../pipelines/stage.ts";
import { withDifference } from "./promotion.ts";
import { asRebuild, rebuildName } from "./rebuild.ts";
import { withPlace } from "./release-place.ts";
import { standing } from "./rows.ts";
import { clipped, shorten } from "../shorten.ts";
import { summaryOf } from "./summary.ts";
import * as words from "../words/check.ts";
import type { Notice } from "../words/notices.ts";

export type Conclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required";

/** A remark at lines of a file; lines and columns count from 1. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly endLine?: number | undefined;
  readonly column?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
}

/** A button on a check, for people who may write. GitHub: three at most; 20, 20 and 40 characters. */
export interface Button {
  readonly identifier: string;
  readonly label: string;
  readonly description: string;
}

/** A check run as we want it shown. `externalId` finds it again. */
export interface Check {
  readonly name: string;
  readonly externalId: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion?: Conclusion | undefined;
  readonly title: string;
  readonly summary: string;
  readonly detailsUrl?: string | undefined;
  readonly annotations?: readonly Annotation[] | undefined;
  readonly buttons?: readonly Button[] | undefined;
}

/** How the addresses of logs are made; none for what the public may not read. */
export type LogUrl = (attempt: string) => string | undefined;

/** A stage that waits for a builder: how many are before it, and about how many seconds that takes. */
export interface Wait {
  readonly before: number;
  readonly seconds: number;
}

/** What checks tell beside the record. */
export interface Telling {
  readonly logUrl: LogUrl;
  /** Where it is written down in whole how an attempt's packages differ from the tested ones. */
  readonly differenceUrl?: ((attempt: string) => string) | undefined;
  /** Where it is drawn how an attempt's image came up; nowhere for what the public may not read. */
  readonly plotUrl?: ((attempt: string) => string | undefined) | undefined;
  /** The code host's address for people. */
  readonly web: string;
  /** The build root of a target and arch, as the deployment names it. */
  readonly imageOf: (target: string, arch: Arch) => string | undefined;
  /** By the stage's name. */
  readonly waits?: ReadonlyMap<string, Wait> | undefined;
  /** The run of the accepted release that this one promotes. */
  readonly tested?: Run | undefined;
}

/** All check runs that the record asks for: one per job, one per publish stage, and one that speaks for all. */
export function checksOf(run: Run, telling: Telling): readonly Check[] {
  // A release is news of its channel, not of the commit: one check tells of it.
  if ("channel" in run.trigger) return [cut(withDifference(withPlace(summaryCheck(run), run), run, telling))];
  if (run.trigger.kind === "rebuild") return [cut(asRebuild(summaryCheck(run), run, telling))];
  const jobs = standing(run).map(({ job, stage }) => jobCheck({ run, job, stage }, telling));
  const publishes = run.stages.filter(({ kind }) => kind === "publish");
  const parts = [...jobs, ...publishes.map((stage) => publishCheck(run, stage, telling))];
  return [...parts, summaryCheck(run)].map(cut);
}

/** The one check that a branch protection needs: it speaks for the whole commit. */
export const SUMMARY = "millwright";

/** The check that tells of a channel's releases, and of what does not become one. */
export const channelCheck = (channel: string): string => `${SUMMARY}:${channel}`;

/** Green when all that is required has passed; what is advisory is not waited for. */
export function summaryCheck(run: Run): Check {
  const { state, ...said } = summaryOf(run);
  const { trigger } = run;
  const name = "channel" in trigger ? channelCheck(trigger.channel) : (rebuildName(run) ?? SUMMARY);
  const of = { name, externalId: `${run.id}#`, ...said };
  return state === "queued" || state === "in_progress"
    ? { ...of, status: state }
    : { ...of, status: "completed", conclusion: state };
}

/** To what GitHub takes (65,535 bytes of a summary), so that what was shown can be told from what is wanted. */
export const cut = <C extends Pick<Check, "title" | "summary">>(check: C): C => ({
  ...check,
  title: clipped(check.title, 250),
  summary: shorten(check.summary, 65_000),
});

function jobCheck(told: words.Told, telling: Telling): Check {
  const { run, job, stage } = told;
  const base = {
    name: job.name,
    externalId: `${run.id}#${job.name}`,
    ...lines(told, telling),
  };
  const remarks = stage.remarks ? { annotations: stage.remarks } : {};
  return { ...base, ...status(stage, job.tier === "advisory"), ...logOf(run, stage, telling), ...remarks };
}

const logOf = (run: Run, stage: Stage, { logUrl }: Telling): Pick<Check, "detailsUrl"> =>
  stage.build
    ? { detailsUrl: logUrl(attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt })) }
    : {};

function lines({ run, job, stage }: words.Told, { web, imageOf, waits, plotUrl, logUrl }: Telling) {
  const plot = plotUrl?.(attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt }));
  const where = { web, image: imageOf(job.target, job.arch), plot, logUrl };
  const title = words.jobTitle({ run, job, stage }, waits?.get(stage.name));
  return { title, summary: words.jobSummary({ run, job, stage }, where) };
}

function publishCheck(run: Run, stage: Stage, telling: Telling): Check {
  return {
    name: words.publishName(run, stage.name),
    externalId: `${run.id}#${stage.name}`,
    ...status(stage, false),
    title: words.title(stage),
    summary: words.publishSummary(run, stage),
    ...logOf(run, stage, telling),
  };
}

function status(stage: Stage, isAdvisory: boolean): Pick<Check, "status" | "conclusion"> {
  if (!isOver(stage)) return { status: stage.state === "running" ? "in_progress" : "queued" };
  const conclusion = CONCLUSION[stage.state] ?? "failure";
  const isBad = conclusion !== "success" && conclusion !== "cancelled";
  return { status: "completed", conclusion: isAdvisory && isBad ? "neutral" : conclusion };
}

/** Never green by accident: GitHub counts `neutral` and `skipped` as passed, so required work gets neither. */
const CONCLUSION: Readonly<Partial<Record<StageState, Conclusion>>> = {
  passed: "success",
  failed: "failure",
  "timed-out": "timed_out",
  errored: "failure",
  cancelled: "cancelled",
  skipped: "cancelled",
};

/** The check that speaks for a commit of which nothing is built. `about`: what decides anew when it is re-run. */
export function notice(
  about: string,
  conclusion: Conclusion,
  said: Notice & Pick<Check, "annotations" | "buttons">,
): Check {
  return cut({ name: SUMMARY, externalId: `notice#${about}`, status: "completed", conclusion, ...said });
}
