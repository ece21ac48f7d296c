import { aboutId } from "../bot/about.ts";
import type { Config } from "../bot/config.ts";
import type { BotEvent, RepoRef } from "../bot/events.ts";
import { mayBuild } from "../bot/trust.ts";
import { ledger } from "../bot/words/ledger.ts";
import { notices } from "../bot/words/notices.ts";
import { rules } from "../bot/words/rules.ts";
import { pullKey } from "../pipelines/newest.ts";
import type { Trigger } from "../pipelines/run.ts";
import type { Pull } from "../ports.ts";
import type { DecidePorts, Outcome } from "./decide-ports.ts";
import { lay, refuseConfig } from "./lay.ts";
import { refuse } from "./refuse.ts";
import { isConfig, rulesOf } from "./rules-of.ts";
import { succeed } from "./succeed.ts";

type PullChanged = Extract<BotEvent, { kind: "pull-changed" }>;

/** A pull request changed: what counts is what GitHub says of it now. */
export async function decidePull(ports: DecidePorts, { repo, number }: PullChanged): Promise<Outcome> {
  const [pull, config] = await Promise.all([ports.github.pull(repo, number), rulesOf(ports, repo)]);
  if (!pull) return { because: ledger.gone };
  if (!pull.isOpen) return { because: ledger.notOpen };
  const { sha, base } = pull;
  const about = { kind: "pull", number } as const;
  if (!isConfig(config)) return refuseConfig(ports, repo, { about, sha, problems: config });
  const leave = await leaveFor(ports, { repo, pull, config });
  if (!leave.may) {
    const outcome = await refuse(ports, repo, {
      about: aboutId(about),
      sha,
      conclusion: "action_required",
      ...notices.untrusted(rules[leave.rule]),
    });
    await succeed(ports, pullKey(repo.id, number), { v: 1, sha });
    return outcome;
  }
  const trigger: Trigger = { kind: "pull", number, sha, base: base.sha, branch: base.branch };
  const outcome = await lay(ports, { repo, about, trigger, zone: "untrusted", config, leave });
  await succeed(ports, pullKey(repo.id, number), { v: 1, sha, ...(outcome.run && { run: outcome.run }) });
  return outcome;
}

async function leaveFor({ github }: DecidePorts, claim: { repo: RepoRef; pull: Pull; config: Config }) {
  const { repo, pull, config } = claim;
  const canWrite = await github.canWrite(repo, pull.author);
  return mayBuild({
    event: "pull",
    fork: pull.headRepo === null ? "gone" : pull.headRepo !== repo.id,
    sha: pull.sha,
    author: { id: pull.author.id, canWrite },
    committers: [],
    trusted: config.trusted,
    acks: [],
  });
}
