import type { BotEvent } from "../../bot/events.ts";
import { zoneOf } from "../../bot/trust.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { branchKey } from "../../pipelines/newest.ts";
import type { Trigger } from "../../pipelines/run.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { lay, refuseConfig } from "./lay.ts";
import { channelOf, isConfig, rulesOf } from "../rules-of.ts";
import { succeed } from "./succeed.ts";

type BranchPushed = Extract<BotEvent, { kind: "branch-pushed" }>;

/** A branch moved: it is built where a channel is fed by it, and trusted only where it is protected. */
export async function decideBranch(ports: DecidePorts, { repo, branch }: BranchPushed): Promise<Outcome> {
  const [head, config] = await Promise.all([ports.github.branch(repo, branch), rulesOf(ports, repo)]);
  if (!head) return { because: ledger.gone };
  const about = { kind: "branch", branch } as const;
  // Where the rules cannot be read nobody knows, but topics of pull requests are none of those that feed channels.
  const mayBeFed = head.isProtected || branch === repo.defaultBranch;
  const isFed = isConfig(config) ? channelOf(config, repo, branch) !== undefined : mayBeFed;
  if (!isFed) {
    // The sweep looks at the default branch: it must know that this commit was decided about.
    if (branch === repo.defaultBranch)
      await succeed(ports, branchKey(repo.id, branch), { v: 1, sha: head.sha });
    return { because: ledger.noChannel(branch) };
  }
  if (!isConfig(config)) return refuseConfig(ports, repo, { about, sha: head.sha, problems: config });
  const trigger: Trigger = { kind: "push", branch, sha: head.sha };
  const zone = zoneOf({ event: "push", fork: false, onProtected: head.isProtected });
  const leave = { rule: "ownBranch" } as const;
  const outcome = await lay(ports, { repo, about, trigger, zone, config, leave });
  await succeed(ports, branchKey(repo.id, branch), { v: 1, sha: head.sha });
  return outcome;
}
