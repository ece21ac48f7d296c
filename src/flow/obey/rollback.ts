import type { Command } from "../../bot/commands/table.ts";
import { above, isNumbered } from "../../bot/config/promotions.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent } from "../../bot/events.ts";
import { backAnswers } from "../../bot/words/rollback.ts";
import type { PromotionPorts } from "../decide/promotion.ts";
import { rollBack } from "../decide/rollback.ts";

/** `/rollback <channel> <release>`, on whichever pull request a committer says it. */
export async function askRollback(
  ports: PromotionPorts,
  { event, config }: { readonly event: Extract<BotEvent, { kind: "commented" }>; readonly config: Config },
  { channel, number }: Extract<Command, { name: "rollback" }>,
): Promise<string> {
  const { repo, by } = event;
  const outcome = await rollBack(ports, {
    repo,
    channel,
    number,
    by: by.login,
    isNumbered: isNumbered(config.channels, channel),
    above: above(config.channels, channel),
  });
  if ("refusals" in outcome) return backAnswers.refused({ channel, number }, outcome.refusals);
  const until = config.channels?.[channel]?.supportUntil;
  const today = ports.clock().slice(0, "2026-11-21".length);
  return backAnswers.started(outcome.release, until !== undefined && until < today ? until : undefined);
}
