import type { BotEvent } from "../bot/events.ts";
import { ledger } from "../bot/words/ledger.ts";
import type { DecidePorts, Outcome } from "./decide-ports.ts";

/** A button on one of our checks. */
export async function press(
  _ports: DecidePorts,
  _event: Extract<BotEvent, { kind: "button-pressed" }>,
): Promise<Outcome> {
  return { because: ledger.unknownButton };
}
