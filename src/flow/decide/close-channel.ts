import { daysLater } from "../../bot/calendar.ts";
import type { RepoRef } from "../../bot/events.ts";
import { channelKey, expiringKey } from "../../pipelines/pull-channel.ts";
import { changeChannel } from "../change-channel.ts";
import type { DecidePorts } from "./ports.ts";
import { isConfig, rulesOf } from "../rules-of.ts";

/** The pull request is closed: its channel goes some days later. */
export async function closeChannel(ports: DecidePorts, repo: RepoRef, number: number): Promise<void> {
  const key = channelKey(repo.id, number);
  const channel = (await ports.channels.read(key))?.value;
  if (!channel || channel.going) return;
  const expires = channel.expires ?? daysLater(ports.clock(), await daysOf(ports, repo));
  // The marker first: one without a date in the record is looked at in vain, a date without one is never looked at.
  await ports.blobs.put(expiringKey(expires, channel), "");
  await changeChannel(ports, key, (was) => (was && !was.going ? { ...was, expires } : undefined));
}

async function daysOf(ports: DecidePorts, repo: RepoRef): Promise<number> {
  const config = await rulesOf(ports, repo);
  return isConfig(config) ? config.pulls.expireDays : DAYS;
}

/** Where the rules cannot be read. */
const DAYS = 7;
