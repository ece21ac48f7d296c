import type { BotEvent } from "../../bot/events.ts";
import { deliveryKey, type EventsMessage, type Verdict, verdictKey } from "../../bot/messages.ts";
import { ledger } from "../../bot/words/ledger.ts";
import type { Delivery, Hear } from "../../ports-github.ts";
import type { Blobs, Log, Records } from "../../ports.ts";
import { askRerun, askSuiteRerun } from "../obey/rerun.ts";
import { cancelPull } from "./cancel-pull.ts";
import { decideBranch } from "./branch.ts";
import { decideNight } from "./night.ts";
import type { Outcome } from "./ports.ts";
import { decidePull } from "./pull.ts";
import { decideQueue, leaveQueue } from "./queue.ts";
import { decideRebuild, type RebuildPorts } from "./rebuild.ts";
import { decideTag } from "./tag.ts";
import { commitUpdate } from "../obey/commit-update.ts";
import { hearRelease } from "../obey/update.ts";
import type { UpdatePorts } from "../obey/update-recipe.ts";
import type { PinPorts } from "../obey/pin.ts";
import { obey } from "../obey/obey.ts";
import { press } from "../obey/press.ts";
import type { NumberPorts } from "./take-number.ts";

interface HearPorts {
  readonly log: Log;
  readonly deliveries: Pick<Records<Delivery>, "read">;
  readonly ledger: Pick<Blobs, "put">;
  readonly hear: Hear;
}

export type DecideEventPorts = RebuildPorts & NumberPorts & PinPorts & UpdatePorts & HearPorts;

/** events queue -> runs. Deciding twice is harmless: a run's key is what it is. */
export function decideEvent(ports: DecideEventPorts) {
  return async (message: EventsMessage): Promise<void> => {
    if ("rebuild" in message) {
      const outcome = await decideRebuild(ports, message.rebuild);
      ports.log("rebuild", { ...outcome, repo: message.rebuild.repo.id, channel: message.rebuild.channel });
      return;
    }
    if ("update" in message) {
      ports.log("update", { ...message.update, because: await commitUpdate(ports, message.update) });
      return;
    }
    if ("event" in message) {
      await outcomeOf(ports, message.event, ports.clock());
      return;
    }
    const note = (verdicts: Verdict["verdicts"]): Promise<void> =>
      ports.ledger.put(
        verdictKey(message.delivery),
        JSON.stringify({ v: 1, at: ports.clock(), verdicts } satisfies Verdict),
      );
    try {
      await note(await verdictsOn(ports, message.delivery));
    } catch (error) {
      // The queue brings it back, and gives up at last: whoever looks finds the reason in the ledger.
      await note([{ event: "undecided", because: ledger.undecided(String(error)) }]);
      throw error;
    }
  };
}

async function verdictsOn(ports: DecideEventPorts, guid: string): Promise<Verdict["verdicts"]> {
  const delivery = await ports.deliveries.read(deliveryKey(guid));
  if (!delivery) throw new Error(`no delivery ${guid} in the ledger`);
  const events = await ports.hear(delivery.value);
  const heard = events.length > 0 ? events : [unheard(delivery.value.event)];
  const verdicts: Verdict["verdicts"] = [];
  for (const event of heard)
    verdicts.push({ event: event.kind, ...(await outcomeOf(ports, event, delivery.value.at)) });
  return verdicts;
}

const unheard = (name: string): BotEvent => ({ kind: "ignored", because: ledger.event(name) });

async function outcomeOf(ports: DecideEventPorts, event: BotEvent, at: string): Promise<Outcome> {
  if (event.kind === "ignored") return { because: event.because };
  const { accounts } = ports.deployment;
  if (accounts && !accounts.includes(event.repo.ownerId)) return { because: ledger.foreign };
  return decide(ports, event, at);
}

type Heard = Exclude<BotEvent, { kind: "ignored" }>;

function decide(ports: DecideEventPorts, event: Heard, at: string): Promise<Outcome> {
  switch (event.kind) {
    case "pull-changed":
      return decidePull(ports, event);
    case "pull-closed":
      return cancelPull(ports, event);
    case "branch-pushed":
      return decideBranch(ports, event);
    case "tag-pushed":
      return decideTag(ports, event);
    case "night-came":
      return decideNight(ports, event);
    case "upstream-released":
      return hearRelease(ports, event);
    case "queue-asked":
      return decideQueue(ports, event);
    case "queue-left":
      return leaveQueue(ports, event);
    case "commented":
      return obey(ports, event);
    case "rerun-asked":
      return askRerun(ports, event);
    case "suite-rerun-asked":
      return askSuiteRerun(ports, event);
    case "button-pressed":
      return press(ports, event, at);
    default:
      return event satisfies never;
  }
}
