import { aboutOf } from "../../bot/check/about.ts";
import { isCommitter } from "../../bot/authority.ts";
import { acceptButton, ackButton, dropButton } from "../../bot/check/buttons.ts";
import type { BotEvent } from "../../bot/events.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { commandRules } from "../../bot/words/rules.ts";
import { runKey } from "../../pipelines/run.ts";
import type { DecidePorts, Outcome } from "../decide/ports.ts";
import { giveVoice } from "./give-voice.ts";
import { judgeHeld, type Verdict } from "../decide/judge-held.ts";
import { isConfig, rulesOf } from "../rules-of.ts";

type Pressed = Extract<BotEvent, { kind: "button-pressed" }>;

/**
 * A button on one of our checks: "ACK and build" says of the check's own commit what `/ack <sha>` says, "Ship it" what
 * `/accept` does. `at`: when the door heard of it, so that a delivery that comes again is no newer than the first time.
 */
export async function press(ports: DecidePorts, pressed: Pressed, at: string): Promise<Outcome> {
  const { repo, sha, externalId, button, by } = pressed;
  const about = aboutOf(externalId);
  const isAck = button === ackButton.identifier && about?.kind === "pull";
  const verdict = about ? undefined : VERDICTS.find((one) => one === button);
  if (!isAck && !verdict) return { because: ledger.unknownButton };
  const [config, canWrite] = await Promise.all([rulesOf(ports, repo), ports.github.canWrite(repo, by)]);
  const committers = isConfig(config) ? config.committers : [];
  if (!isCommitter({ id: by.id, canWrite }, committers)) return { because: commandRules.needsCommitter };
  if (isAck) return giveVoice(ports, { repo, number: about.number, person: by, kind: "ack", sha, at });
  return verdict ? ofHeld(ports, pressed, { verdict, by: by.login, at }) : { because: ledger.unknownButton };
}

const VERDICTS = [acceptButton.identifier, dropButton.identifier] as const;

async function ofHeld(ports: DecidePorts, { repo, externalId }: Pressed, said: Verdict): Promise<Outcome> {
  const run = (await ports.runs.read(runKey(externalId.split("#")[0] ?? "")))?.value;
  // The external id comes back from GitHub, but the record says whose run it is.
  if (run?.repo.id !== repo.id) return { because: ledger.noRun };
  return { because: ledger.held(await judgeHeld(ports, run, said)), run: run.id };
}
