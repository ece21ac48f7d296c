import type { Command } from "../../bot/commands/table.ts";
import type { BotEvent } from "../../bot/events.ts";
import { heldAnswers } from "../../bot/words/holds.ts";
import type { PromotionPorts } from "../decide/promotion.ts";
import { judgeHeld } from "../decide/judge-held.ts";
import { releaseNamed } from "../decide/release-named.ts";

/** `/accept` and `/drop <channel> <number>`, on whichever pull request a committer says it. */
export async function askHeld(
  ports: PromotionPorts,
  { repo, by, at }: Extract<BotEvent, { kind: "commented" }>,
  { name: verdict, channel, number }: Extract<Command, { name: "accept" | "drop" }>,
): Promise<string> {
  const run = await releaseNamed(ports, repo.id, `${channel}/${number}`);
  const judged = await judgeHeld(ports, run, { verdict, by: by.login, at });
  return heldAnswers[judged]({ channel, number });
}
