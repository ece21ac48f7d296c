import type { EventsMessage } from "../../bot/messages.ts";
import { askedKey, type Chain, chainKey } from "../../pipelines/graph/chain.ts";
import { hasEnded } from "../../pipelines/next.ts";
import type { Run } from "../../pipelines/run.ts";
import type { AttemptRef } from "../../pipelines/stage.ts";
import type { Blobs, Queue, Records } from "../../ports.ts";

export interface AskPorts {
  readonly events: Queue<EventsMessage>;
  readonly chains: Pick<Records<Chain>, "read">;
  readonly blobs: Pick<Blobs, "get" | "put">;
}

/**
 * Once a push was published whose outputs are others than before, or a step of rebuilds is over: asks what depends on it.
 * Whether anybody wants that to be built the rules say, which are read where it is decided.
 */
export async function askRebuilds(
  { events, chains, blobs }: AskPorts,
  run: Run,
  { ref, hasTurned }: { readonly ref: AttemptRef; readonly hasTurned: boolean },
): Promise<void> {
  const { trigger, channel, repo } = run;
  if (channel === undefined || !isOver(run, ref)) return;
  // What is followed already goes on from the newest commit, whatever that changed.
  const isDue = trigger.kind === "rebuild" || hasTurned || (await chains.read(chainKey(repo.id, channel)));
  if (!isDue || !("branch" in trigger)) return;
  // News of one end come many times.
  const [key, what] = [askedKey(repo.id, channel), `${run.id} ${run.rev}`];
  const last = await blobs.get(key);
  if (last && new TextDecoder().decode(last.value) === what) return;
  await events.send({ v: 1, rebuild: { repo, channel, branch: trigger.branch, run: run.id } });
  // After the question: asked twice it is one.
  await blobs.put(key, what);
}

/** Was a push published by this stage, or a step of rebuilds, or is that over otherwise? */
function isOver(run: Run, ref: AttemptRef): boolean {
  const { kind } = run.trigger;
  if (kind !== "push" && kind !== "rebuild") return false;
  const stage = run.stages.find(({ name }) => name === ref.stage);
  const isPublished = stage?.kind === "publish" && stage.state === "passed";
  return isPublished || (kind === "rebuild" && hasEnded(run));
}
