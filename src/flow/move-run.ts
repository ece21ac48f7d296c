import { advance } from "../pipelines/advance.ts";
import { type Effect, next } from "../pipelines/next.ts";
import { type Run, runKey } from "../pipelines/run.ts";
import type { Signal } from "../pipelines/signal.ts";
import type { Records } from "../ports.ts";
import { type EffectPorts, perform } from "./perform.ts";

export interface MovePorts extends EffectPorts {
  readonly runs: Records<Run>;
}

/** The only writer of a run after its birth: read, advance, compare-and-swap, send what is outstanding. */
export function moveRun(ports: MovePorts, isOwed: (effect: Effect) => boolean = () => true) {
  return async (id: string, signals: readonly Signal[]): Promise<Run | undefined> => {
    const run = await write(ports.runs, id, signals);
    // Also when nothing changed: whoever wrote last may have died before it could send.
    if (run) for (const effect of next(run).filter(isOwed)) await perform(ports)(effect);
    return run;
  };
}

async function write(runs: Records<Run>, id: string, signals: readonly Signal[]): Promise<Run | undefined> {
  for (;;) {
    const record = await runs.read(runKey(id));
    if (!record) return undefined;
    const run = signals.reduce(advance, record.value);
    if (run === record.value || (await runs.replace(runKey(id), run, record.version))) return run;
  }
}
