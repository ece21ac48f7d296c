import { reopened } from "./settled.ts";
import type { Signal } from "./signal.ts";
import { isOver, RANK, type Stage } from "./stage.ts";

/** An attempt that the infrastructure failed is followed by another, up to this number. */
export const ATTEMPTS = 3;

/** What is news of one attempt of a stage. */
export type StageSignal = Exclude<
  Signal,
  {
    kind:
      | "reported"
      | "accepted"
      | "cancelled"
      | "expired"
      | "retried"
      | "undone"
      | "extended"
      | "retargeted";
  }
>;

/** Within an attempt, later ranks win; of two ends the first. */
export function heard(stage: Stage, signal: StageSignal): Stage {
  if (stage.state === "cancelled") return wound(stage, signal);
  if (isOver(stage)) return signal.kind === "started" ? named(stage, signal) : stage;
  switch (signal.kind) {
    case "dispatched":
      return dispatched(stage, signal);
    case "started":
      return running(stage, signal);
    case "entered":
      return stage.state === "running" && isLater(signal.phase, stage.phase)
        ? { ...stage, phase: signal.phase }
        : stage;
    case "passed":
      return passed(stage, signal);
    case "ended":
      return ended(stage, signal);
    case "stopped":
      // By a hand in CodeBuild's console: somebody meant it, so it is not tried again.
      return { ...stage, state: "errored", because: signal.because, endedAt: signal.at };
    default:
      return signal satisfies never;
  }
}

function dispatched(stage: Stage, { image }: Extract<Signal, { kind: "dispatched" }>): Stage {
  const isKnown = stage.state === "starting" && (image === undefined || stage.image === image);
  if (isKnown || RANK[stage.state] > RANK.starting) return stage;
  return { ...stage, state: "starting", ...(image !== undefined && { image }) };
}

function passed(
  stage: Stage,
  { at, prefix, files, facts, sources, differs, image, boot, packages }: Extract<Signal, { kind: "passed" }>,
): Stage {
  const made = { prefix, files, ...(differs && { differs }) };
  const told = {
    ...(facts && { facts }),
    ...(sources && { sources }),
    ...(image !== undefined && { image }),
    ...(boot && { boot }),
    ...(packages && { packages }),
  };
  return { ...stage, state: "passed", endedAt: at, ...made, ...told };
}

function running(stage: Stage, { build, at }: { build: string; at: string }): Stage {
  return RANK[stage.state] < RANK.running ? { ...stage, state: "running", build, startedAt: at } : stage;
}

/** A stage that ended before we heard that it had started still says which build it was. */
function named(stage: Stage, { build, at }: { build: string; at: string }): Stage {
  return stage.build || stage.state === "skipped" ? stage : { ...stage, build, startedAt: at };
}

function ended(
  stage: Stage,
  { as, because, at, trouble, remarks, boot }: Extract<Signal, { kind: "ended" }>,
): Stage {
  if (as === "errored" && stage.attempt < ATTEMPTS) return reopened(stage, because);
  const told = {
    ...(trouble && { trouble }),
    ...(remarks && remarks.length > 0 && { remarks }),
    ...(boot && { boot }),
  };
  return { ...stage, state: as, because, endedAt: at, ...told };
}

/** A cancelled stage stays cancelled; news only tells which build to stop, and when it has. */
function wound(stage: Stage, signal: StageSignal): Stage {
  if (signal.kind === "started") return stage.build ? stage : adopted(stage, signal.build);
  if (stage.endedAt) return stage;
  if (signal.kind === "passed" || signal.kind === "ended" || signal.kind === "stopped")
    return { ...stage, endedAt: signal.at };
  return stage;
}

/** A build that nobody knew of when the stage was given up, and that has to be stopped after all. */
function adopted({ endedAt, ...stage }: Stage, build: string): Stage {
  return { ...stage, build };
}

/** CodeBuild's phases in their order; news of an earlier one is old. */
const PHASES = [
  "SUBMITTED",
  "QUEUED",
  "PROVISIONING",
  "DOWNLOAD_SOURCE",
  "INSTALL",
  "PRE_BUILD",
  "BUILD",
  "POST_BUILD",
  "UPLOAD_ARTIFACTS",
  "FINALIZING",
  "COMPLETED",
];

const isLater = (phase: string, than: string | undefined): boolean =>
  PHASES.indexOf(phase) > (than === undefined ? -1 : PHASES.indexOf(than));
