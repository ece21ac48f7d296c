import type { EventsMessage } from "../../bot/messages.ts";
import type { Run } from "../../pipelines/run.ts";
import { isOver } from "../../pipelines/stage.ts";
import type { Queue } from "../../ports.ts";

/** Where the services of an update have run, or could not, and its sources are not collected yet: what came of it is to be committed. */
export async function tellUpdate(
  { events }: { readonly events: Queue<EventsMessage> },
  run: Run,
): Promise<void> {
  const ran = run.stages.find(({ before }) => before !== undefined);
  if (!ran || !isOver(ran) || ran.state === "cancelled") return;
  const after = run.stages.find(({ needs }) => needs.some(({ stage }) => stage === ran.name));
  if (after && !isOver(after)) await events.send({ v: 1, update: { run: run.id, stage: ran.name } });
}
