import type { Command } from "../../bot/commands/table.ts";
import type { BotEvent } from "../../bot/events.ts";
import { pinAnswers } from "../../bot/words/pins.ts";
import { ownRepositories, Pin, pinKey } from "../../pipelines/release/pin.ts";
import { isPublished } from "../../pipelines/release/release.ts";
import type { Blobs } from "../../ports.ts";
import type { PromotionPorts } from "../decide/promotion.ts";
import { releaseAt } from "../decide/lay-release.ts";

export interface PinPorts {
  readonly pins: Pick<Blobs, "create" | "get" | "remove">;
}

type Commented = Extract<BotEvent, { kind: "commented" }>;

/** `/pin` and `/unpin`: a published release is kept, or no longer. Who pinned it first stands. */
export async function askPin(
  ports: PromotionPorts & PinPorts,
  { repo, by, at }: Commented,
  { name, channel, number }: Extract<Command, { name: "pin" | "unpin" }>,
): Promise<string> {
  const key = pinKey(repo.id, channel, number);
  const named = { channel, number };
  if (name === "unpin") {
    if (!(await ports.pins.get(key))) return pinAnswers.notPinned(named);
    await ports.pins.remove(key);
    return pinAnswers.unpinned(named);
  }
  const { run } = await releaseAt(ports, repo, named);
  if (!run || !isPublished(run)) return pinAnswers.notPublished(named);
  const pin: Pin = { v: 1, by: { id: by.id, login: by.login }, at };
  await ports.pins.create(key, JSON.stringify(pin));
  const there = await ports.pins.get(key);
  const { login } = there ? Pin.parse(JSON.parse(new TextDecoder().decode(there.value))).by : by;
  return pinAnswers.pinned(named, login, ownRepositories(run, number));
}
