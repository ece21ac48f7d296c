import type { RepoRef } from "../../bot/events.ts";
import { hasEnded } from "../../pipelines/next.ts";
import type { Before } from "../../pipelines/release/promotion-gate.ts";
import { isPublished, runIdOf } from "../../pipelines/release/release.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { DecidePorts } from "./ports.ts";
import { type NumberPorts, releasesOf } from "./take-number.ts";

/** The channel's releases down to the newest that was published, the newest first. */
export async function releasesBefore(
  ports: Pick<DecidePorts, "runs"> & NumberPorts,
  repo: Pick<RepoRef, "id">,
  channel: string,
): Promise<readonly Before[]> {
  const before: Before[] = [];
  for await (const release of releasesOf(ports, repo.id, channel)) {
    const run = (await ports.runs.read(runKey(runIdOf(release))))?.value;
    const state = stateOf(run);
    before.push({ number: release.number, state, ...(release.of !== undefined && { of: release.of }) });
    if (state === "published") return before;
  }
  return before;
}

function stateOf(run: Run | undefined): Before["state"] {
  if (!run) return "failed";
  if (isPublished(run)) return "published";
  return hasEnded(run) ? "failed" : "under way";
}
