import { derivedManifest, treeFor, UNCHANGED } from "../../pipelines/manifest/derived.ts";
import type { Form } from "../../pipelines/manifest/manifest.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import type { Stage } from "../../pipelines/stage.ts";
import type { OrderPorts } from "./order.ts";

/** What a build of an image is told that is made of a tree's commit, with that lent for so many seconds. */
export async function deriveOrder(
  { blobs, deployment, mirror }: Pick<OrderPorts, "blobs" | "deployment" | "mirror">,
  { run, job, attempt }: { readonly run: Run; readonly job: Job; readonly attempt: number },
  seconds: number,
): Promise<(upload: Form) => string> {
  const packed = treeFor(run, job);
  const maker = deployment.targets[job.target]?.tree?.derived?.maker;
  if (!packed || "unchanged" in packed || !maker)
    throw new Error(`${run.id}: ${job.name} has no commit to be made of`);
  const tree = { ...packed, url: await blobs.lend(packed.key, seconds) };
  return (upload) => derivedManifest(run, job, { attempt, maker, tree, mirror: mirror.url, upload });
}

/** Where a tree stayed what it was, so do its images: there is nothing to make, and nothing to boot. */
export function stayedAsIs(
  run: Run,
  { name, attempt }: Stage,
  at: string,
): Extract<Signal, { kind: "passed" }> | undefined {
  const job = run.jobs.find(({ build, check }) => build === name || check === name);
  const tree = job?.from === undefined ? undefined : treeFor(run, job);
  if (!tree || !("unchanged" in tree)) return undefined;
  const facts = { [UNCHANGED]: tree.unchanged };
  return { kind: "passed", stage: name, attempt, at, prefix: "", files: [], facts };
}
