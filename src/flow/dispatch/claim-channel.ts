import { mirrorPrefix } from "../../pipelines/manifest/publish.ts";
import { channelKey, claimed, goneKey } from "../../pipelines/pull-channel.ts";
import { type Nevras, nevrasOf, PUBLISHED, together } from "../../pipelines/release/published.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Blobs } from "../../ports.ts";
import { changeChannel, type ChannelPorts } from "../change-channel.ts";

interface Ports extends ChannelPorts {
  readonly blobs: Pick<Blobs, "list" | "get">;
}

/** Before a run's packages come to its pull request's channel: it is written down that they may be there, and found out
 *  what was brought there for other commits, which is to go (`withdraw`), and after which numbers of snapshots its own
 *  come (`after`, by target), where there was such a channel before. */
export async function claimChannel(
  ports: Ports,
  run: Run,
  pull: number,
): Promise<{ readonly withdraw: Nevras; readonly after: Readonly<Record<string, number>> }> {
  const key = channelKey(run.repo.id, pull);
  const was = (await ports.channels.read(key))?.value;
  const others = (was?.runs ?? []).filter((id) => id !== run.id);
  const { nevras, forgotten } = await broughtBy(ports, others);
  await changeChannel(ports, key, (now) => {
    // Who removes it would take the new packages along; the sweep wakes the pool again.
    if (now?.going) throw new Error(`the channel pr/${pull} is being removed`);
    return claimed(now, run, { pull, place: mirrorPrefix(run), forgotten });
  });
  const gone = await ports.channels.read(goneKey(run.repo.id, pull));
  return { withdraw: nevras, after: gone?.value.numbers ?? {} };
}

/** A publication that went well left nothing of those before it. */
async function broughtBy(
  ports: Ports,
  runs: readonly string[],
): Promise<{ readonly nevras: Nevras; readonly forgotten: readonly string[] }> {
  for (const [i, run] of [...runs.entries()].toReversed()) {
    const told = await toldBy(ports, run);
    if (told.length > 0) return { nevras: together(told), forgotten: runs.slice(0, i) };
  }
  return { nevras: {}, forgotten: [] };
}

/** What the publish stages of a run told, in any attempt. Builds leave their files elsewhere. */
async function toldBy({ blobs }: Ports, run: string): Promise<readonly Nevras[]> {
  const listed = await Promise.all(
    ["channel", "backfill"].map((stages) => blobs.list(`results/${run}/${stages}/`)),
  );
  const keys = listed.flat().flatMap(({ key }) => (key.endsWith(`/${PUBLISHED}`) ? [key] : []));
  const told = await Promise.all(keys.map((key) => blobs.get(key)));
  return told.flatMap((one) => (one ? [nevrasOf(new TextDecoder().decode(one.value))] : []));
}
