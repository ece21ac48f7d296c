import { because } from "../../bot/words/because.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { treeOf } from "../../pipelines/manifest/tree.ts";
import { upgradeManifest } from "../../pipelines/manifest/upgrade.ts";
import type { Job } from "../../pipelines/run.ts";
import { UNCHANGED } from "../../pipelines/upgrade.ts";
import { type OrderPorts, type Prepared, refused, secondsOf, told } from "./order.ts";

/** What the upgrade to a tree is told, and the root that it is tried in: the composer's, which has ostree. */
export async function prepareUpgrade(
  ports: OrderPorts,
  { run, stage }: Waiting,
  job: Job,
): Promise<Prepared> {
  const image = ports.deployment.targets[job.target]?.tree?.images[job.arch];
  if (image === undefined) return refused(ports, stage, { because: because.noImage(job.target, job.arch) });
  const offer = treeOf(run, job);
  // Nothing had changed, so nobody upgrades.
  if (!offer) {
    const of = { stage: stage.name, attempt: stage.attempt };
    return { signal: { kind: "passed", at: ports.clock(), prefix: "", files: [], facts: UNCHANGED, ...of } };
  }
  const tree = await ports.blobs.lend(offer.key, secondsOf(ports, stage.kind));
  const mirror = ports.mirror.url;
  const order = await told(ports, { run, stage }, async (upload) =>
    upgradeManifest(run, stage, { offer, tree, mirror, upload }),
  );
  return { ...order, image };
}
