import { type Chain, CHAINS } from "../../pipelines/graph/chain.ts";
import { runKey } from "../../pipelines/run.ts";
import type { Records } from "../../ports.ts";
import type { CalendarPorts } from "./expire-channels.ts";
import { forEach } from "../for-each.ts";

export interface TendRebuildPorts extends CalendarPorts {
  readonly chains: Pick<Records<Chain>, "read">;
}

/** Asks once more what is to be built again, wherever that is followed: a question may have been lost. */
export async function tendRebuilds(ports: TendRebuildPorts): Promise<void> {
  await forEach(await ports.blobs.list(CHAINS), "channels with rebuilds", async ({ key }) => {
    const id = (await ports.chains.read(key))?.value.push.run;
    const run = id === undefined ? undefined : (await ports.runs.read(runKey(id)))?.value;
    if (run?.trigger.kind !== "push" || run.channel === undefined) return;
    const { repo, channel, trigger } = run;
    await ports.events.send({ v: 1, rebuild: { repo, channel, branch: trigger.branch, run: run.id } });
  });
}
