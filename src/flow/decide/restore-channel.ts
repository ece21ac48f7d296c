import type { RepoRef } from "../../bot/events.ts";
import { channelKey, kept, shows } from "../../pipelines/pull-channel.ts";
import { runKey } from "../../pipelines/run.ts";
import { changeChannel } from "../change-channel.ts";
import type { DecidePorts } from "./ports.ts";
import { reopen } from "./retry.ts";

/** The pull request is open: its channel stays; if it is gone, or shows another commit, it is published again. */
export async function restoreChannel(
  ports: DecidePorts,
  of: { readonly repo: RepoRef; readonly number: number; readonly run?: string | undefined },
): Promise<void> {
  const key = channelKey(of.repo.id, of.number);
  const channel = await changeChannel(ports, key, (was) => was && kept(was));
  if (of.run === undefined || shows(channel, of.run)) return;
  const run = (await ports.runs.read(runKey(of.run)))?.value;
  const stage = run?.stages.findLast(({ kind, state }) => kind === "publish" && state === "passed");
  if (!stage) return;
  const { name, attempt } = stage;
  await reopen(ports, of.run, [{ kind: "undone", at: ports.clock(), stage: name, attempt }]);
}
