import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { lineKey, lineOf } from "../../pipelines/order/line.ts";
import type { ReportsMessage } from "../../pipelines/messages.ts";
import type { Blobs, Clock, Queue } from "../../ports.ts";

interface Ports {
  readonly blobs: Pick<Blobs, "put">;
  readonly reports: Queue<ReportsMessage>;
  readonly clock: Clock;
}

/** So many at the head of a line are told when they move up; who stands further back is told when the run changes. */
const TOLD = 5;

/** Writes down who still waits for a pool, also where nobody does: an older line may stand there; and who has builders. */
export async function keepLine(
  { blobs, reports, clock }: Ports,
  pool: string,
  { left, running }: { readonly left: readonly Waiting[]; readonly running: readonly Waiting[] },
): Promise<void> {
  await blobs.put(lineKey(pool), JSON.stringify(lineOf(left, running, clock())));
  for (const [place, { run, stage }] of left.slice(0, TOLD).entries()) {
    const once = `${run.id} ${run.rev} ${stage.name} is ${place}`;
    await reports.send({ v: 1, run: run.id, again: true }, { group: run.id, once });
  }
}
