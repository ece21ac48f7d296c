import { advance } from "../pipelines/advance.ts";
import { type Effect, next } from "../pipelines/next.ts";
import { type Run, runKey } from "../pipelines/run.ts";
import type { Signal } from "../pipelines/signal.ts";
import type { Records } from "../ports.ts";
import { changeRecord } from "./change-record.ts";
import { type EffectPorts, perform } from "./perform.ts";

export interface MovePorts extends EffectPorts {
  readonly runs: Records<Run>;
}

/** The only writer of a run after its birth: read, advance, compare-and-swap, send what is outstanding. */
export function moveRun(ports: MovePorts, isOwed: (effect: Effect) => boolean = () => true) {
  return async (id: string, signals: readonly Signal[]): Promise<Run | undefined> => {
    const run = await changeRecord(ports.runs, runKey(id), (was) => was && signals.reduce(advance, was));
    // Also when nothing changed: whoever wrote last may have died before it could send.
    if (run) for (const effect of next(run).filter(isOwed)) await perform(ports)(effect);
    return run;
  };
}
