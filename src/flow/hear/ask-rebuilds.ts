import type { EventsMessage } from "../../bot/messages.ts";
import { type Chain, chainKey } from "../../pipelines/graph/chain.ts";
import { hasEnded } from "../../pipelines/next.ts";
import type { Run } from "../../pipelines/run.ts";
import type { AttemptRef } from "../../pipelines/stage.ts";
import type { Queue, Records } from "../../ports.ts";

export interface AskPorts {
  readonly events: Queue<EventsMessage>;
  readonly chains: Pick<Records<Chain>, "read">;
}

/**
 * Once a push was published whose outputs are others than before, or a step of rebuilds is over: asks what depends on it.
 * Whether anybody wants that to be built the rules say, which are read where it is decided.
 */
export async function askRebuilds(
  { events, chains }: AskPorts,
  run: Run,
  { ref, hasTurned }: { readonly ref: AttemptRef; readonly hasTurned: boolean },
): Promise<void> {
  const { trigger, channel, repo } = run;
  if (channel === undefined || (trigger.kind !== "push" && trigger.kind !== "rebuild")) return;
  const stage = run.stages.find(({ name }) => name === ref.stage);
  const isPublished = stage?.kind === "publish" && stage.state === "passed";
  const isStepOver = trigger.kind === "rebuild" && hasEnded(run);
  if (!isPublished && !isStepOver) return;
  // What is followed already goes on from the newest commit, whatever that changed.
  const isDue = trigger.kind === "rebuild" || hasTurned || (await chains.read(chainKey(repo.id, channel)));
  if (!isDue) return;
  const { branch } = trigger;
  await events.send({ v: 1, rebuild: { repo, channel, branch, run: run.id } });
}
