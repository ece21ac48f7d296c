import type { ReportsMessage, StagesMessage } from "../pipelines/messages.ts";
import type { Effect } from "../pipelines/next.ts";
import { waitingKey } from "../pipelines/order/waiting.ts";
import type { Blobs, Queue } from "../ports.ts";

export interface EffectPorts {
  readonly blobs: Pick<Blobs, "put">;
  readonly stages: Queue<StagesMessage>;
  readonly reports: Queue<ReportsMessage>;
}

/** An effect becomes a marker or a message. Doing it twice is harmless. */
export function perform({ blobs, stages, reports }: EffectPorts) {
  return async (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case "wake":
        // The marker is written anew each time, so that a dispatcher that just looked does not take it away.
        await blobs.put(waitingKey(effect.pool, effect.run), String(effect.rev));
        return stages.send(
          { v: 1, pool: effect.pool },
          { group: effect.pool, once: `${effect.run} ${effect.rev}` },
        );
      case "report":
        return reports.send(
          { v: 1, run: effect.run },
          { group: effect.run, once: `${effect.run} ${effect.rev}` },
        );
      case "stop":
        return stages.send({ v: 1, stop: effect.build }, { group: "stop", once: effect.build });
      default:
        return effect satisfies never;
    }
  };
}
