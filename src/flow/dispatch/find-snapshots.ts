import { PUBLISHED, snapshotsOf } from "../../pipelines/release/published.ts";
import { RELEASE_FILE } from "../../pipelines/release/release-document.ts";
import type { Repo } from "../../pipelines/repo.ts";
import { type Run, runId, runKey, type Trigger } from "../../pipelines/run.ts";
import type { Blobs, Records } from "../../ports.ts";

interface Ports {
  readonly runs: Pick<Records<Run>, "read">;
  readonly blobs: Pick<Blobs, "get">;
}

type Back = Extract<Trigger, { kind: "rollback" }>;

/** What a release published that a rollback brings back, with what came late for it: its snapshots by target, and whether
 *  images and trees may be told of in its document on the mirror. */
export interface Before {
  readonly targets: Readonly<Record<string, number>>;
  readonly isTold: boolean;
}

export async function findSnapshots(
  ports: Ports,
  repo: Repo,
  { channel, of: number, branch, sha }: Back,
): Promise<Before> {
  const known = { channel, number, branch, sha };
  const ids = [
    runId(repo, { kind: "nightly", ...known }),
    // Its channel and its number are all that counts of a promotion.
    runId(repo, { kind: "promotion", from: channel, ...known }),
  ];
  const runs = await Promise.all(ids.map((id) => ports.runs.read(runKey(id))));
  const stages = runs.flatMap((run) => run?.value.stages ?? []);
  const found: Record<string, number> = {};
  const published = stages.filter(({ kind, state }) => kind === "publish" && state === "passed");
  const isTold = published.some(({ files = [] }) => files.some(({ name }) => name === RELEASE_FILE));
  for (const { prefix } of published) {
    if (!prefix) continue;
    const told = await ports.blobs.get(prefix + PUBLISHED);
    for (const [target, snapshot] of told ? snapshotsOf(new TextDecoder().decode(told.value)) : [])
      found[target] = Math.max(found[target] ?? 0, snapshot);
  }
  return { targets: found, isTold };
}
