import type { Command } from "../../bot/commands/table.ts";
import { promotedOf } from "../../bot/config/promotions.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent } from "../../bot/events.ts";
import { promotionAnswers } from "../../bot/words/promotion.ts";
import { type PromotionPorts, promote } from "../decide/promotion.ts";

/** `/promote <number> [channel] [--security]`, on whichever pull request a committer says it. */
export async function askPromotion(
  ports: PromotionPorts,
  {
    event: { repo, by },
    config,
  }: { readonly event: Extract<BotEvent, { kind: "commented" }>; readonly config: Config },
  { number, channel, security }: Extract<Command, { name: "promote" }>,
): Promise<string> {
  const all = promotedOf(config.channels);
  if (all.length === 0) return promotionAnswers.none;
  const [to, ...others] = channel === undefined ? all : all.filter((one) => one.channel === channel);
  if (!to || others.length > 0) return promotionAnswers.which(all.map((one) => one.channel));
  const wanted = { channel: to.channel, from: to.from, number };
  const outcome = await promote(ports, { repo, to, number, by: by.login, security });
  if ("refusals" in outcome) return promotionAnswers.refused(wanted, outcome.refusals);
  const { trigger } = outcome.run;
  const lane = { asked: security === true, has: trigger.kind === "promotion" && trigger.security === true };
  return promotionAnswers.started(wanted, trigger.sha, lane);
}
