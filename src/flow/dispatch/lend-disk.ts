import { because } from "../../bot/words/because.ts";
import { bootManifest, diskOf } from "../../pipelines/manifest/boot.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { bootRootOf } from "../../pipelines/root.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import type { Form } from "../../pipelines/manifest/manifest.ts";
import type { Blobs } from "../../ports.ts";

type Lent =
  | { readonly image: string; readonly manifest: (upload: Form) => string }
  | { readonly because: string };

/** What the check of an image is told, with its disk lent for so many seconds, and the root it runs in; or why it cannot be. */
export async function lendDisk(
  { deployment, blobs }: { readonly deployment: Deployment; readonly blobs: Pick<Blobs, "lend"> },
  { run, stage }: Waiting,
  seconds: number,
): Promise<Lent> {
  const job = run.jobs.find(({ check }) => check === stage.name);
  if (!job) throw new Error(`${run.id}: ${stage.name} is the check of no job`);
  const image = bootRootOf(deployment.targets, job);
  if (image === undefined) return { because: because.noBoot(job.target, job.arch) };
  const disk = diskOf(run, stage);
  if (!disk) return { because: because.noDisk };
  const { key, packages } = disk;
  const lent = {
    disk: await blobs.lend(key, seconds),
    packages: packages === undefined ? undefined : await blobs.lend(packages, seconds),
  };
  return { image, manifest: (upload) => bootManifest(run, job, { stage, disk, lent, upload }) };
}
