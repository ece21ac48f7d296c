import { PUBLISHED, snapshotsOf } from "../../pipelines/release/published.ts";
import { type Repo, type Run, runId, runKey, type Trigger } from "../../pipelines/run.ts";
import type { Blobs, Records } from "../../ports.ts";

interface Ports {
  readonly runs: Pick<Records<Run>, "read">;
  readonly blobs: Pick<Blobs, "get">;
}

type Back = Extract<Trigger, { kind: "rollback" }>;

/** Target -> the snapshot that the release published which a rollback brings back, what came late for it included. */
export async function findSnapshots(
  ports: Ports,
  repo: Repo,
  { channel, of: number, branch, sha }: Back,
): Promise<Readonly<Record<string, number>>> {
  const known = { channel, number, branch, sha };
  const ids = [
    runId(repo, { kind: "nightly", ...known }),
    // Its channel and its number are all that counts of a promotion.
    runId(repo, { kind: "promotion", from: channel, ...known }),
  ];
  const runs = await Promise.all(ids.map((id) => ports.runs.read(runKey(id))));
  const stages = runs.flatMap((run) => run?.value.stages ?? []);
  const found: Record<string, number> = {};
  for (const { kind, state, prefix } of stages) {
    if (kind !== "publish" || state !== "passed" || !prefix) continue;
    const told = await ports.blobs.get(prefix + PUBLISHED);
    for (const [target, snapshot] of told ? snapshotsOf(new TextDecoder().decode(told.value)) : [])
      found[target] = Math.max(found[target] ?? 0, snapshot);
  }
  return found;
}
