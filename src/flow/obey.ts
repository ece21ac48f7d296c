import type { BotEvent } from "../bot/events.ts";
import { ledger } from "../bot/words/ledger.ts";
import type { DecidePorts, Outcome } from "./decide-ports.ts";

/** Commands in a comment. */
export async function obey(
  _ports: DecidePorts,
  _event: Extract<BotEvent, { kind: "commented" }>,
): Promise<Outcome> {
  return { because: ledger.noCommand };
}
