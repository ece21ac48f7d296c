import type { RepoRef } from "../../bot/events.ts";
import { pullKey } from "../../pipelines/newest.ts";
import { channelKey, channelsPrefix } from "../../pipelines/pull-channel.ts";
import { runKey } from "../../pipelines/run.ts";
import type { CalendarPorts } from "./expire-channels.ts";
import { forEach } from "../for-each.ts";
import { served } from "../served.ts";

/** Pull requests that were closed or opened again while nobody told us, and channels that show another commit than the
 *  newest: the same event says so. */
export async function watchChannels(ports: CalendarPorts): Promise<void> {
  await forEach(await served(ports), "repositories with channels", (repo) => watch(ports, repo));
}

async function watch(ports: CalendarPorts, repo: RepoRef): Promise<void> {
  const { blobs, github, events } = ports;
  const prefix = channelsPrefix(repo.id);
  const numbers = (await blobs.list(prefix)).map(({ key }) => Number(key.slice(prefix.length)));
  if (numbers.length === 0) return;
  const open = new Set((await github.openPulls(repo)).map(({ number }) => number));
  for (const number of numbers)
    if (!(await isAsMeant(ports, { repo, number, isOpen: open.has(number) })))
      await events.send({ v: 1, event: { kind: "pull-changed", repo, number } });
}

async function isAsMeant(
  { channels, newest, runs }: CalendarPorts,
  { repo, number, isOpen }: { readonly repo: RepoRef; readonly number: number; readonly isOpen: boolean },
): Promise<boolean> {
  const channel = (await channels.read(channelKey(repo.id, number)))?.value;
  if (!channel || channel.going) return true;
  if (isOpen !== (channel.expires === undefined)) return false;
  const run = (await newest.read(pullKey(repo.id, number)))?.value.run;
  if (!isOpen || run === undefined || channel.runs.at(-1) === run) return true;
  // What did not pass has nothing to show: the channel keeps what the commit before brought.
  const stages = (await runs.read(runKey(run)))?.value.stages ?? [];
  return !stages.some(({ kind, state }) => kind === "publish" && state === "passed");
}
