import { because } from "../../bot/words/because.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { mirrorPrefix, offers, publishManifest } from "../../pipelines/manifest/publish.ts";
import { promotedTrees } from "../../pipelines/manifest/tree.ts";
import { claimChannel } from "./claim-channel.ts";
import { findSnapshots } from "./find-snapshots.ts";
import { type OrderPorts, type Prepared, refused, secondsOf, told } from "./order.ts";
import { goodKeys } from "./publish-keys.ts";
import { supportOf } from "./support-of.ts";
import { lendImages, lendTrees } from "./tree-orders.ts";
import { writeLock } from "./write-lock.ts";

/** What a publication is asked for: all that its run, and those that go along, have for the channel. */
export async function preparePublish(
  ports: OrderPorts,
  { run, stage }: Waiting,
  followers: readonly Waiting[],
): Promise<Prepared> {
  const { mirror, blobs } = ports;
  const keys = goodKeys(ports, { run, stage }, followers);
  if ("because" in keys) return refused(ports, stage, keys);
  const { trigger } = run;
  const claimed = trigger.kind === "pull" ? await claimChannel(ports, run, trigger.number) : { withdraw: {} };
  const packages = [{ run, stage }, ...followers].flatMap((one) => offers(one.run, one.stage));
  const seconds = secondsOf(ports, stage.kind);
  const trees = await lendTrees(ports, [{ run, stage }, ...followers], seconds);
  const promoted = promotedTrees(run, stage);
  const images = await lendImages(ports, [{ run, stage }, ...followers], seconds);
  const before = trigger.kind === "rollback" ? await findSnapshots(ports, run.repo, trigger) : undefined;
  const restore = before?.targets ?? {};
  const isNothing =
    packages.length + trees.length + promoted.length + images.length === 0 &&
    Object.keys({ ...claimed.withdraw, ...restore }).length === 0 &&
    !before?.isTold;
  if (isNothing && trigger.kind === "rollback")
    return refused(ports, stage, { because: because.noSnapshot(trigger.channel, trigger.of) });
  const lock = await writeLock(ports, run);
  const release = await supportOf(ports, run);
  // A backfill for which nothing came late.
  if (isNothing) {
    const of = { stage: stage.name, attempt: stage.attempt };
    return { signal: { kind: "passed", at: ports.clock(), prefix: "", files: [], facts: {}, ...of } };
  }
  const prefix = mirrorPrefix(run);
  const lent = await Promise.all(
    packages.map(async (offer) => ({ ...offer, url: await blobs.lend(offer.key, seconds) })),
  );
  return told(ports, { run, stage }, async (upload) =>
    publishManifest(run, stage, {
      mirror: { bucket: mirror.bucket, prefix, url: `${mirror.url}/${prefix}` },
      keys,
      offers: lent,
      trees,
      promoted,
      images,
      ...claimed,
      restore,
      lock,
      release,
      upload,
    }),
  );
}
