import type { BotEvent, RepoRef } from "../../bot/events.ts";
import type { Wanted } from "../../bot/work/work.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { pullKey } from "../../pipelines/newest.ts";
import { isTold } from "../../pipelines/next.ts";
import { runKey, type Trigger } from "../../pipelines/run.ts";
import type { Pull } from "../../bot/pull.ts";
import { askAhead } from "../obey/ahead.ts";
import { closeChannel } from "./close-channel.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { type Judgement, judgePull } from "./judge-pull.ts";
import { lay, refuseConfig } from "./lay.ts";
import { pauseSilence } from "./pause-silence.ts";
import { proposeConfig } from "./propose-config.ts";
import { restoreChannel } from "./restore-channel.ts";
import { showReview } from "./show-review.ts";
import { succeed } from "./succeed.ts";
import { waitForAck } from "./wait-for-ack.ts";
import { tellClosed, tellHead } from "../tell/tell-list.ts";

type PullChanged = Extract<BotEvent, { kind: "pull-changed" }>;

/** A pull request changed: what counts is what GitHub says of it now. */
export async function decidePull(
  given: DecidePorts,
  { repo, number }: PullChanged,
  wanted?: Wanted,
): Promise<Outcome> {
  const ports = { ...given, github: askAhead(given.github) };
  const judgement = await judgePull(ports, repo, number);
  if (judgement.kind === "gone") return { because: ledger.gone };
  if (judgement.kind === "closed") {
    await closeChannel(ports, repo, number);
    await pauseSilence(ports, repo, number);
    await tellClosed(ports, repo, judgement.pull);
    return { because: ledger.notOpen };
  }
  if (judgement.kind === "judged") await tellHead(ports, { repo, ...judgement });
  const outcome = await decideOpen(ports, { repo, wanted }, judgement);
  if (judgement.kind === "judged") await showReview(ports, { repo, ...judgement });
  const current = judgement.kind === "judged" ? judgement.config : judgement.problems;
  await proposeConfig(ports, { repo, pull: judgement.pull, current });
  await restoreChannel(ports, { repo, number, run: outcome.run });
  return outcome;
}

async function decideOpen(
  ports: DecidePorts,
  { repo, wanted }: { readonly repo: RepoRef; readonly wanted: Wanted | undefined },
  judgement: Extract<Judgement, { kind: "unruled" | "judged" }>,
): Promise<Outcome> {
  const { pull } = judgement;
  const { number } = pull;
  const about = { kind: "pull", number } as const;
  if (judgement.kind === "unruled")
    return refuseConfig(ports, repo, { about, sha: pull.sha, problems: judgement.problems });
  const { config, leave } = judgement;
  if (!leave.may) return waitForAck(ports, repo, { ...judgement, rule: leave.rule });
  const trigger = triggerOf(pull);
  const outcome = await lay(ports, {
    repo,
    about,
    trigger,
    zone: "untrusted",
    config,
    leave: kept(leave),
    wanted,
  });
  const { sha } = pull;
  const newest = { v: 1, sha, ...(outcome.run && { run: outcome.run }) } as const;
  if (await succeed(ports, pullKey(repo.id, number), newest)) await tellAgain(ports, outcome.run);
  return outcome;
}

/** All that is to be told of a run may have been told before it was the newest: then the comment spoke of another one. */
async function tellAgain(ports: DecidePorts, id: string | undefined): Promise<void> {
  const run = id === undefined ? undefined : (await ports.runs.read(runKey(id)))?.value;
  if (!run || !isTold(run)) return;
  await ports.reports.send(
    { v: 1, run: run.id, again: true },
    { group: run.id, once: `newest ${run.id} ${run.rev}` },
  );
}

/** What a run keeps of the leave that it has. */
const kept = ({ rule, by }: { readonly rule: string; readonly by?: string }) =>
  by === undefined ? { rule } : { rule, by };

export const triggerOf = ({ number, sha, base }: Pull): Trigger => ({
  kind: "pull",
  number,
  sha,
  base: base.sha,
  branch: base.branch,
});
