import type { BotEvent } from "../../bot/events.ts";
import { because } from "../../bot/words/because.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { runId, type Trigger } from "../../pipelines/run.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { lay, refuseConfig } from "./lay.ts";
import { moveRun } from "../move-run.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { showReviewed } from "./show-review.ts";

type Asked = Extract<BotEvent, { kind: "queue-asked" }>;
type Left = Extract<BotEvent, { kind: "queue-left" }>;

/** A merge queue's group: only who may write can queue, so it is built, but it stands on no protected branch yet. */
export async function decideQueue(ports: DecidePorts, { repo, sha, base, branch }: Asked): Promise<Outcome> {
  const config = await rulesOf(ports, repo);
  const about = { kind: "queue", branch, base } as const;
  if (!isConfig(config)) return refuseConfig(ports, repo, { about, sha, problems: config });
  const trigger: Trigger = { kind: "queue", sha, base, branch };
  const of = { repo, about, trigger, zone: "untrusted", config, leave: { rule: "queue" } } as const;
  const outcome = await lay(ports, of);
  if (config.review) await showReviewed(ports, repo, sha);
  return outcome;
}

/** Merged, or taken out of the queue: nobody waits for the group's builds. */
export async function leaveQueue(ports: DecidePorts, { repo, sha, branch }: Left): Promise<Outcome> {
  const run = runId(repo, { kind: "queue", sha, base: "", branch });
  const signal = { kind: "cancelled", at: ports.clock(), because: because.leftQueue, by: "left" } as const;
  const moved = await moveRun(ports)(run, [signal]);
  return moved ? { because: ledger.leftQueue, run } : { because: ledger.noRun };
}
