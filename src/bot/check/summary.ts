import { stagesOf } from "../../pipelines/job-stages.ts";
import type { Run, Trigger } from "../../pipelines/run.ts";
import { isHeld } from "../../pipelines/settled.ts";
import { isOver, type Stage } from "../../pipelines/stage.ts";
import { rowsOf, standing } from "./rows.ts";
import { publishSummary } from "../words/check.ts";
import type { Notice } from "../words/notices.ts";
import { backSummary, backTitle } from "../words/rollback.ts";
import { summary, summaryTitle, type Tally } from "../words/summary.ts";

export interface Summary extends Notice {
  readonly state:
    | "queued"
    | "in_progress"
    | "success"
    | "failure"
    | "timed_out"
    | "cancelled"
    | "action_required";
}

/** How the run as a whole stands: what is required decides, what is advisory is only counted. */
export function summaryOf(run: Run): Summary {
  const required = requiredStages(run);
  const isAsked = run.stages.some((stage) => isHeld(stage, run));
  const state = isAsked ? "action_required" : stateOf(required);
  if (run.trigger.kind === "rollback") return backOf(run, run.trigger, state);
  const tally = tallyOf(run);
  const isLost = state === "failure" && !required.some((stage) => stage.state === "failed");
  return {
    state,
    title: summaryTitle(isLost ? "errored" : state, tally),
    summary: summary(run, rowsOf(run, { logUrl: () => undefined }), isLost),
  };
}

/** Of a channel that goes back nothing is built: its publication is all there is. */
function backOf(run: Run, trigger: Extract<Trigger, { kind: "rollback" }>, state: Summary["state"]): Summary {
  const isLost = state !== "queued" && state !== "in_progress" && state !== "success";
  const told = run.stages.map((stage) => publishSummary(run, stage)).join("\n\n");
  return { state, title: backTitle(state, trigger), summary: backSummary(run, trigger, { told, isLost }) };
}

/** The stages that all must pass; where nothing is required, every stage is. */
function requiredStages(run: Run): readonly Stage[] {
  const jobs = run.jobs.filter(({ tier }) => tier === "required");
  if (jobs.length === 0) return run.stages.filter(({ name, kind }) => kind !== "publish" || isFirst(name));
  const names = new Set(jobs.flatMap(stagesOf));
  return run.stages.filter(({ name, kind }) => names.has(name) || (kind === "publish" && isFirst(name)));
}

/** A backfill publishes what is advisory, and a pull request's channel is an extra: nobody waits for them. */
const isFirst = (name: string): boolean => name.startsWith("publish/");

function stateOf(stages: readonly Stage[]): Summary["state"] {
  const bad = stages.filter((stage) => isOver(stage) && stage.state !== "passed");
  if (stages.some((stage) => !isOver(stage)))
    return stages.some(({ state }) => state === "running" || state === "passed") ? "in_progress" : "queued";
  if (bad.length === 0) return "success";
  if (bad.some(({ state }) => state === "failed" || state === "errored")) return "failure";
  return bad.some(({ state }) => state === "timed-out") ? "timed_out" : "cancelled";
}

function tallyOf(run: Run): Tally {
  const rows = standing(run);
  const count = (is: (stage: Stage) => boolean): number => rows.filter(({ stage }) => is(stage)).length;
  return {
    jobs: rows.length,
    passed: count(({ state, kind }) => state === "passed" && kind !== "source"),
    failed: count((stage) => isOver(stage) && stage.state !== "passed"),
    running: count(({ state }) => state === "running" || state === "starting"),
  };
}
