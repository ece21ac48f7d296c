import { aboutId } from "../../bot/check/about.ts";
import { type Check, channelCheck, cut } from "../../bot/check/check.ts";
import { promotedBy } from "../../bot/config/promotions.ts";
import type { BotEvent, RepoRef } from "../../bot/events.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { promotions, refusedTag } from "../../bot/words/promotion.ts";
import type { Outcome } from "./ports.ts";
import { type PromotionPorts, promote } from "./promotion.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { inPlaceOf, writeCheck } from "../tell/write-checks.ts";

type TagPushed = Extract<BotEvent, { kind: "tag-pushed" }>;

/** A tag promotes what it names; where it may not, its commit says why. */
export async function decideTag(
  ports: PromotionPorts,
  { repo, tag }: Omit<TagPushed, "kind">,
): Promise<Outcome> {
  const config = await rulesOf(ports, repo);
  if (!isConfig(config)) return { because: ledger.rulesBroken };
  const to = promotedBy(config.channels, tag);
  if (!to) return { because: ledger.otherTag(tag) };
  // The tag as it is now: the delivery may be old.
  const sha = await ports.github.tag(repo, tag);
  if (sha === undefined) return { because: ledger.gone };
  const number = tag.slice(to.tags.length);
  const wanted = { channel: to.channel, from: to.from, number };
  const outcome = await promote(ports, { repo, to, number, tag: { name: tag, sha } });
  if ("run" in outcome) return { because: promotions.started(wanted), run: outcome.run.id };
  await tell(
    ports,
    { repo, sha },
    {
      name: channelCheck(to.channel),
      externalId: `notice#${aboutId({ kind: "tag", tag })}`,
      status: "completed",
      conclusion: "failure",
      ...refusedTag(tag, wanted, outcome.refusals),
    },
  );
  return { because: promotions.refused(wanted, outcome.refusals) };
}

/** Only what differs is written. */
async function tell(
  ports: PromotionPorts,
  { repo, sha }: { readonly repo: RepoRef; readonly sha: string },
  said: Check,
): Promise<void> {
  const check = cut(said);
  const shown = await ports.github.shown(repo, sha);
  const was = shown.findLast((one) => one.check.externalId === check.externalId);
  if (was?.check.title === check.title && was.check.summary === check.summary) return;
  await writeCheck(ports, { at: repo, sha }, inPlaceOf(was, check));
}
