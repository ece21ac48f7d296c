import type { Run } from "./run.ts";
import { isOver } from "./stage.ts";

/** What must happen next, in the imperative. At most one wake-up per pool and one report per run. */
export type Effect =
  /** Stages of this run wait in `pool`, or it is in doubt whether their builds were started. */
  | { readonly kind: "wake"; readonly run: string; readonly rev: number; readonly pool: string }
  | { readonly kind: "report"; readonly run: string; readonly rev: number }
  | { readonly kind: "stop"; readonly build: string };

/**
 * What the world owes this run now, read off the record alone. Saying it twice is harmless, so a
 * crash between the write and the send heals when the message comes again.
 */
export function next(run: Run): readonly Effect[] {
  const waiting = run.stages.filter(({ state }) => state === "ready" || state === "starting");
  const pools = new Set(waiting.map(({ pool }) => pool));
  const stop = run.stages.flatMap((stage) =>
    stage.state === "cancelled" && stage.build && !stage.endedAt
      ? [{ kind: "stop", build: stage.build } as const]
      : [],
  );
  const wake = [...pools].map((pool) => ({ kind: "wake", run: run.id, rev: run.rev, pool }) as const);
  const report = { kind: "report", run: run.id, rev: run.rev } as const;
  return [...stop, ...wake, ...(isTold(run) ? [] : [report])];
}

/** Does GitHub show the record as it is? */
export const isTold = (run: Run): boolean => run.reported >= run.rev;

/** Has every stage come to its end? A cancelled one only when its build has stopped. */
export const hasEnded = (run: Run): boolean =>
  run.stages.every((stage) => isOver(stage) && stage.endedAt !== undefined);

/** Nothing is owed any more: the sweep need not look at it again. */
export const isClosed = (run: Run): boolean => hasEnded(run) && isTold(run);
