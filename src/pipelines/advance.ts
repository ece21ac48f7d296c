import { extend } from "./extend.ts";
import { heard, type StageSignal } from "./heard.ts";
import { retarget } from "./retarget.ts";
import type { Run } from "./run.ts";
import { reopened, settled } from "./settled.ts";
import type { Signal } from "./signal.ts";
import { isOver, type Stage } from "./stage.ts";

/** The one state machine. Returns the very same run when the signal says nothing new. */
export function advance(run: Run, signal: Signal): Run {
  switch (signal.kind) {
    case "reported":
      return signal.rev > run.reported && signal.rev <= run.rev ? { ...run, reported: signal.rev } : run;
    case "accepted":
      return changed(run, accepted(run.stages, signal));
    case "cancelled":
      return cancelled(run, signal);
    case "expired":
      return changed(run, expired(run.stages, signal));
    case "extended":
      return extended(run, signal);
    case "retargeted":
      return retarget(run, signal) ?? run;
    case "retried":
      return revived(run, changed(unbound(run, signal.stage), retried(run.stages, signal)));
    case "undone":
      return revived(run, changed(run, undone(run.stages, signal)));
    case "dispatched":
    case "started":
    case "entered":
    case "passed":
    case "ended":
    case "stopped":
      return changed(
        run,
        run.stages.map((stage) => (isFor(stage, signal) ? heard(stage, signal) : stage)),
      );
    default:
      return signal satisfies never;
  }
}

/** News of another attempt, or of a stage whose turn has not come, is not heard. */
function isFor(stage: Stage, signal: StageSignal): boolean {
  return stage.name === signal.stage && stage.attempt === signal.attempt && stage.state !== "waiting";
}

function cancelled(run: Run, signal: Extract<Signal, { kind: "cancelled" }>): Run {
  const stages = run.stages.map((stage) =>
    isOver(stage) || !isMeant(stage, signal) ? stage : givenUp(stage, signal),
  );
  const moved = changed(run, stages);
  return moved === run || !signal.by ? moved : { ...moved, superseded: signal.by };
}

const isMeant = ({ name }: Stage, { stages }: Extract<Signal, { kind: "cancelled" }>): boolean =>
  stages === undefined || stages.includes(name);

function givenUp(stage: Stage, { at, because }: { at: string; because: string }): Stage {
  // What may have a build is over only when that build is: until then it is to be stopped.
  const mayRun = stage.state === "starting" || stage.state === "running";
  return { ...stage, state: "cancelled", because, ...(mayRun ? {} : { endedAt: at }) };
}

/** Who asks for it again wants it at once, and to its end. */
function unbound(run: Run, stage: string): Run {
  const jobs = run.jobs.map((job) => {
    const { notBefore, endsBy, ...free } = job;
    return job.build === stage && (notBefore ?? endsBy) !== undefined ? free : job;
  });
  return jobs.every((job, i) => job === run.jobs[i]) ? run : { ...run, jobs };
}

const expired = (
  stages: readonly Stage[],
  { at, because, stages: names }: Extract<Signal, { kind: "expired" }>,
): readonly Stage[] =>
  stages.map((stage) =>
    names.includes(stage.name) && (stage.state === "waiting" || stage.state === "ready")
      ? { ...stage, state: "timed-out", because, endedAt: at }
      : stage,
  );

/** A run that is wanted again is no longer superseded. */
function revived(before: Run, { superseded, ...run }: Run): Run {
  return run.rev === before.rev ? before : run;
}

/** More work for a run that is there; one that was given up is wanted again with it. */
function extended(run: Run, signal: Extract<Signal, { kind: "extended" }>): Run {
  const { jobs, stages } = extend(run, signal);
  if (jobs === run.jobs) return run;
  const now = settled(stages).map((stage) =>
    stage.state === "ready" && !stage.readyAt ? { ...stage, readyAt: signal.at } : stage,
  );
  return { ...run, jobs, stages: now, rev: run.rev + 1 };
}

/** Nobody has seen what came in later. */
const accepted = (stages: readonly Stage[], { at, by }: { at: string; by: string }) =>
  stages.map((stage) =>
    stage.differs && !stage.differs.accepted && (stage.endedAt ?? "") <= at
      ? { ...stage, differs: { ...stage.differs, accepted: { by, at } } }
      : stage,
  );

/** Reopens the named attempt and what was skipped because of it. */
function retried(stages: readonly Stage[], { stage: name, attempt }: { stage: string; attempt: number }) {
  const again = new Set<string>();
  return stages.map((stage) => {
    const isIt = stage.name === name && stage.attempt === attempt && isRetryable(stage);
    const follows = stage.state === "skipped" && stage.needs.some((need) => again.has(need.stage));
    if (!isIt && !follows) return stage;
    again.add(stage.name);
    return reopened(stage);
  });
}

/** Reopens a stage whose work is there no more. */
const undone = (stages: readonly Stage[], { stage: name, attempt }: { stage: string; attempt: number }) =>
  stages.map((stage) =>
    stage.name === name && stage.attempt === attempt && stage.state === "passed" ? reopened(stage) : stage,
  );

const isRetryable = (stage: Stage): boolean =>
  isOver(stage) && stage.state !== "passed" && stage.state !== "skipped" && stage.endedAt !== undefined;

function changed(run: Run, stages: readonly Stage[]): Run {
  const settledStages = settled(stages);
  const same = settledStages.every((stage, i) => stage === run.stages[i]);
  return same ? run : { ...run, stages: settledStages, rev: run.rev + 1 };
}
