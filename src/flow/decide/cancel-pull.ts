import type { BotEvent } from "../../bot/events.ts";
import { because } from "../../bot/words/because.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { pullKey } from "../../pipelines/newest.ts";
import { closeChannel } from "./close-channel.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { moveRun } from "../move-run.ts";
import { pauseSilence } from "./pause-silence.ts";
import { tellClosed } from "../tell/tell-list.ts";

/** A pull request that was closed needs no builds any more. */
export async function cancelPull(
  ports: DecidePorts,
  { repo, number }: Extract<BotEvent, { kind: "pull-closed" }>,
): Promise<Outcome> {
  // Closed and opened again before we looked: what holds is what GitHub says now.
  const pull = await ports.github.pull(repo, number);
  const newest = await ports.newest.read(pullKey(repo.id, number));
  const run = newest?.value.run;
  if (pull?.isOpen) return { because: ledger.noRun };
  const signal = { kind: "cancelled", at: ports.clock(), because: because.closed, by: "closed" } as const;
  if (run) await moveRun(ports)(run, [signal]);
  await closeChannel(ports, repo, number);
  await pauseSilence(ports, repo, number);
  if (pull) await tellClosed(ports, repo, pull);
  return run ? { because: ledger.closed, run } : { because: ledger.noRun };
}
