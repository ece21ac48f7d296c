import type { Command } from "../../bot/commands/table.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent } from "../../bot/events.ts";
import { nightlyAnswers } from "../../bot/words/nightly.ts";
import type { DecidePorts } from "../decide/ports.ts";
import { decideNight } from "../decide/night.ts";
import type { NumberPorts } from "../decide/take-number.ts";

/** `/nightly [channel]`: a night that comes when a committer says so. The same comment is the same night. */
export async function askNightly(
  ports: DecidePorts & NumberPorts,
  { event, config }: { readonly event: Extract<BotEvent, { kind: "commented" }>; readonly config: Config },
  { channel: wanted }: Extract<Command, { name: "nightly" }>,
): Promise<string> {
  const all = Object.entries(config.channels ?? {}).flatMap(([name, { nightly }]) =>
    nightly === undefined ? [] : [name],
  );
  if (all.length === 0) return nightlyAnswers.none;
  const [channel, ...others] = all.filter((name) => wanted === undefined || name === wanted);
  if (channel === undefined || others.length > 0) return nightlyAnswers.which(all);
  const night = `that comment ${event.comment} asks for`;
  const outcome = await decideNight(ports, { kind: "night-came", repo: event.repo, channel, night });
  return outcome.run === undefined
    ? nightlyAnswers.nothing(channel, outcome.because)
    : nightlyAnswers.started(channel, outcome.because);
}
