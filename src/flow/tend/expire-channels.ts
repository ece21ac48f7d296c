import type { EventsMessage } from "../../bot/messages.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Newest } from "../../pipelines/newest.ts";
import {
  type Channel,
  channelKey,
  EXPIRING,
  expiringOf,
  goneKey,
  inOrderOfRemoval,
  kept,
  remembered,
} from "../../pipelines/pull-channel.ts";
import type { Run } from "../../pipelines/run.ts";
import type { GitHub, GitHubWatch } from "../../ports-github.ts";
import type { Blobs, Clock, Log, Queue, Records } from "../../ports.ts";
import { changeChannel, type ChannelPorts } from "../change-channel.ts";
import { forEach } from "../for-each.ts";

export interface CalendarPorts extends ChannelPorts {
  readonly newest: Pick<Records<Newest>, "read">;
  readonly runs: Pick<Records<Run>, "read">;
  readonly blobs: Pick<Blobs, "list" | "get" | "put" | "remove">;
  readonly mirror: Pick<Blobs, "list" | "remove">;
  readonly github: Pick<GitHub, "pull" | "file" | "branch" | "paths"> &
    Pick<GitHubWatch, "repositories" | "openPulls">;
  readonly events: Queue<EventsMessage>;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

type Due = NonNullable<ReturnType<typeof expiringOf>>;

/** Channels of pull requests that were closed long enough ago leave the mirror. */
export async function expireChannels(ports: CalendarPorts): Promise<void> {
  const now = ports.clock();
  const markers = (await ports.blobs.list(EXPIRING)).flatMap(({ key }) => {
    const due = expiringOf(key);
    return due && due.date <= now ? [{ key, due }] : [];
  });
  await forEach(markers, "channels that are due", async ({ key, due }) => {
    await expire(ports, due);
    // Last, so that whatever was cut off before is taken up again.
    await ports.blobs.remove(key);
  });
}

async function expire(ports: CalendarPorts, { date, repo, pull }: Due): Promise<void> {
  const key = channelKey(repo, pull);
  const was = (await ports.channels.read(key))?.value;
  // Opened again since, or closed a second time: another marker speaks for it, or none.
  if (was?.expires !== date) return;
  const channel = was.going ? was : await takenOut(ports, key, date);
  if (!channel?.going) return;
  ports.log("a channel goes", { repo, pull, places: channel.places });
  for (const place of channel.places) await removeAll(ports, channel, place);
  await ports.blobs.remove(key);
}

/** First nobody may publish there any more, then it is asked whether anybody still would: who opens the pull request
 *  before that is seen here, and who does after sees that the channel goes. */
async function takenOut(ports: CalendarPorts, key: string, date: string): Promise<Channel | undefined> {
  const going = await changeChannel(ports, key, (was) =>
    was?.expires === date ? { ...was, going: true } : undefined,
  );
  if (!going?.going) return going;
  const pull = await ports.github.pull(going.repo, going.pull);
  if (!pull?.isOpen) return going;
  return changeChannel(ports, key, (was) => was && kept({ ...was, going: undefined }));
}

async function removeAll(ports: CalendarPorts, channel: Channel, place: string): Promise<void> {
  const { mirror } = ports;
  const keys = (await mirror.list(`${place}/`)).map(({ key }) => key);
  // Before anything goes: addresses of snapshots are kept by caches as if they never changed.
  await changeChannel(ports, goneKey(channel.repo.id, channel.pull), (was) =>
    remembered(was, channel, { place, keys }),
  );
  for (const group of inOrderOfRemoval(place, keys)) {
    for (let at = 0; at < group.length; at += AT_ONCE)
      await Promise.all(group.slice(at, at + AT_ONCE).map((key) => mirror.remove(key)));
  }
}

const AT_ONCE = 20;
