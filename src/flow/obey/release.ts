import { isCommitter } from "../../bot/authority.ts";
import type { Command } from "../../bot/commands/table.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent } from "../../bot/events.ts";
import { isDone } from "../../bot/review/review.ts";
import { answers } from "../../bot/words/answers.ts";
import { commandRules } from "../../bot/words/rules.ts";
import { askHeld } from "./held.ts";
import { askNightly } from "./nightly.ts";
import { askPin, type PinPorts } from "./pin.ts";
import { askPromotion } from "./promotion.ts";
import { askRollback } from "./rollback.ts";
import type { RebuildPorts } from "../decide/rebuild.ts";
import type { PromotionPorts } from "../decide/promotion.ts";
import { reviewOf } from "../decide/judge-pull.ts";
import type { UpdatePorts } from "./update-recipe.ts";
import { isConfig, rulesOf } from "../rules-of.ts";

export type ReleasePorts = PromotionPorts & PinPorts & UpdatePorts & Pick<RebuildPorts, "chains">;

type Commented = Extract<BotEvent, { kind: "commented" }>;
type Name = "nightly" | "promote" | "rollback" | "pin" | "unpin" | "accept" | "drop";
type OfRelease = Extract<Command, { name: Name }>;

/** Does a command speak of releases, whichever pull request it is given on? */
export const isOfRelease = (command: Command): command is OfRelease => NAMES.has(command.name);

const NAMES: ReadonlySet<string> = new Set<Name>([
  "nightly",
  "promote",
  "rollback",
  "pin",
  "unpin",
  "accept",
  "drop",
]);

/** A command on a pull request that is closed; undefined where it was obeyed before. */
export async function askRelease(
  ports: ReleasePorts,
  { event, key }: { readonly event: Commented; readonly key: string },
  command: OfRelease,
): Promise<string | undefined> {
  const { repo, by, number } = event;
  const [config, canWrite, review] = await Promise.all([
    rulesOf(ports, repo),
    ports.github.canWrite(repo, by),
    reviewOf(ports, repo, number),
  ]);
  if (isDone(review, key)) return undefined;
  if (!isConfig(config)) return answers.rulesBroken;
  if (!isCommitter({ id: by.id, canWrite }, config.committers))
    return answers.refused(commandRules.needsCommitter);
  return carryOutRelease(ports, { event, config }, command);
}

/** Does what a committer commands. */
export async function carryOutRelease(
  ports: ReleasePorts,
  asked: { readonly event: Commented; readonly config: Config },
  command: OfRelease,
): Promise<string> {
  switch (command.name) {
    case "nightly":
      return askNightly(ports, asked, command);
    case "promote":
      return askPromotion(ports, asked, command);
    case "rollback":
      return askRollback(ports, asked, command);
    case "pin":
    case "unpin":
      return askPin(ports, asked.event, command);
    case "accept":
    case "drop":
      return askHeld(ports, asked.event, command);
    default:
      return command satisfies never;
  }
}
