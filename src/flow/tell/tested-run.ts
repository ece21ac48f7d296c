import { type Run, runId, runKey } from "../../pipelines/run.ts";
import type { Records } from "../../ports.ts";

/** The run of the release that a promotion brings on: a nightly's, or that of a promotion before. */
export async function testedRun(
  { runs }: { readonly runs: Pick<Records<Run>, "read"> },
  { repo, trigger }: Run,
): Promise<Run | undefined> {
  if (trigger.kind !== "promotion") return undefined;
  const { from: channel, number, branch, sha } = trigger;
  const nightly = runId(repo, { kind: "nightly", channel, number, branch, sha });
  const before = runId(repo, { ...trigger, channel });
  return ((await runs.read(runKey(nightly))) ?? (await runs.read(runKey(before))))?.value;
}
