import { isFetched, knownSourcesKey } from "../../pipelines/service/known-sources.ts";
import type { Reuse } from "../../pipelines/reuse.ts";
import type { Run } from "../../pipelines/run.ts";
import { attemptId, type AttemptRef, type Stage } from "../../pipelines/stage.ts";
import type { Blobs, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

/**
 * Keeps which files a source stage left for the next one of its recipe, in whatever zone: each is recognised by a digest
 * that the repository lists, or by being the very commit that is asked for.
 */
export async function keepSources(
  { built }: { readonly built: Records<Reuse> },
  run: Run,
  ref: AttemptRef,
): Promise<void> {
  const job = run.jobs.find(({ source }) => source === ref.stage);
  const stage = run.stages.find(({ name }) => name === ref.stage);
  const files = stage?.files?.filter(({ name }) => isFetched(name)) ?? [];
  if (!job || stage?.prefix === undefined || files.length === 0) return;
  const left: Reuse = { v: 1, from: attemptId(ref), prefix: stage.prefix, files };
  await changeRecord(built, knownSourcesKey(run, job.recipe.path), () => left);
}

interface LendPorts {
  readonly built: Pick<Records<Reuse>, "read">;
  readonly blobs: Pick<Blobs, "lend">;
}

/** What the recipe's last source stage left, lent for so many seconds. */
export async function lendSources(
  { built, blobs }: LendPorts,
  { run, stage }: { readonly run: Run; readonly stage: Stage },
  seconds: number,
) {
  const path = run.jobs.find(({ source }) => source === stage.name)?.recipe.path;
  const left = path === undefined ? undefined : await built.read(knownSourcesKey(run, path));
  const { prefix = "", files = [] } = left?.value ?? {};
  return Promise.all(
    files.map(async ({ name, sha256 }) => ({ name, sha256, url: await blobs.lend(prefix + name, seconds) })),
  );
}
