import type { Run } from "../run.ts";
import { attemptId, type Stage } from "../stage.ts";
import { type Form, manifestOf } from "./manifest.ts";
import { mirrorPrefix } from "./publish.ts";
import type { TreeOffer } from "./tree.ts";

/** The key of a channel, beside it on the mirror. */
const KEY_FILE = "RPM-GPG-KEY-millwright";

interface World {
  readonly offer: TreeOffer;
  /** Where the tree is lent. */
  readonly tree: string;
  /** The public address of the mirror, without a slash at the end. */
  readonly mirror: string;
  readonly upload: Form;
}

/** What the stage that upgrades from what is published to a tree is told: lines of a word and a value. */
export function upgradeManifest(run: Run, stage: Stage, world: World): string {
  const { offer, tree, mirror, upload } = world;
  const channel = `${mirror}/${mirrorPrefix(run)}`;
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt })],
    ["tree", tree],
    ["sha256", offer.file.sha256],
    ["ref", offer.ref],
    ...(run.channel === undefined
      ? []
      : [
          ["mirror", `${channel}/ostree`],
          ["key", `${channel}/${KEY_FILE}`],
        ]),
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}
