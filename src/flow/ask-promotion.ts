import { isCommitter } from "../bot/authority.ts";
import type { Command } from "../bot/command-table.ts";
import { promotedOf } from "../bot/config-promotions.ts";
import type { BotEvent } from "../bot/events.ts";
import { answers } from "../bot/words/answers.ts";
import { promotionAnswers } from "../bot/words/promotion.ts";
import { commandRules } from "../bot/words/rules.ts";
import { type PromotionPorts, promote } from "./decide-promotion.ts";
import { isConfig, rulesOf } from "./rules-of.ts";

type Commented = Extract<BotEvent, { kind: "commented" }>;

/** `/promote <number> [channel]`, on whichever pull request a committer says it. */
export async function askPromotion(
  ports: PromotionPorts,
  { repo, by }: Commented,
  { number, channel }: Extract<Command, { name: "promote" }>,
): Promise<string> {
  const [config, canWrite] = await Promise.all([rulesOf(ports, repo), ports.github.canWrite(repo, by)]);
  if (!isConfig(config)) return answers.rulesBroken;
  if (!isCommitter({ id: by.id, canWrite }, config.committers))
    return answers.refused(commandRules.needsCommitter);
  const all = promotedOf(config.channels);
  if (all.length === 0) return promotionAnswers.none;
  const [to, ...others] = channel === undefined ? all : all.filter((one) => one.channel === channel);
  if (!to || others.length > 0) return promotionAnswers.which(all.map((one) => one.channel));
  const wanted = { channel: to.channel, from: to.from, number };
  const outcome = await promote(ports, { repo, to, number, by: by.login });
  return "run" in outcome
    ? promotionAnswers.started(wanted, outcome.run.trigger.sha)
    : promotionAnswers.refused(wanted, outcome.refusals);
}
