import { aboutOf } from "../bot/about.ts";
import { isCommitter } from "../bot/authority.ts";
import { ackButton } from "../bot/buttons.ts";
import type { BotEvent } from "../bot/events.ts";
import { ledger } from "../bot/words/ledger.ts";
import { commandRules } from "../bot/words/rules.ts";
import type { DecidePorts, Outcome } from "./decide-ports.ts";
import { giveVoice } from "./give-voice.ts";
import { isConfig, rulesOf } from "./rules-of.ts";

type Pressed = Extract<BotEvent, { kind: "button-pressed" }>;

/**
 * A button on one of our checks: "ACK and build" says of the check's own commit what `/ack <sha>` says. `at`: when
 * the door heard of it, so that a delivery that comes again is no newer than the first time.
 */
export async function press(
  ports: DecidePorts,
  { repo, sha, externalId, button, by }: Pressed,
  at: string,
): Promise<Outcome> {
  const about = aboutOf(externalId);
  if (button !== ackButton.identifier || about?.kind !== "pull") return { because: ledger.unknownButton };
  const [config, canWrite] = await Promise.all([rulesOf(ports, repo), ports.github.canWrite(repo, by)]);
  const committers = isConfig(config) ? config.committers : [];
  if (!isCommitter({ id: by.id, canWrite }, committers)) return { because: commandRules.needsCommitter };
  return giveVoice(ports, { repo, number: about.number, person: by, kind: "ack", sha, at });
}
