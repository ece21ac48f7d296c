import { pruneMirror } from "../../src/flow/tend/prune-mirror.ts";
import type { Publisher } from "../../src/pipelines/order/publisher.ts";
import { memoryBlobs, memoryRecords } from "../flow/memory.ts";
import { repo, world } from "../flow/world.ts";
import { bucketOf } from "./bucket.ts";

/** The door that prunes, before a mirror's directory; `rules`: the config's text; `begins`: ISO 8601. */
export function pruning(
  root: string,
  { rules, begins }: { readonly rules: string; readonly begins: string },
) {
  const town = world();
  town.github.repositories = async () => [repo];
  town.github.files.set(".millwright.yml", rules);
  const mirror = bucketOf(root);
  const state = memoryBlobs();
  const publishers = memoryRecords<Publisher>();
  let now = begins;
  const prune = pruneMirror({
    ...town.ports,
    publishers,
    state,
    mirror,
    clock: () => now,
    later: (at, minutes) => new Date(Date.parse(at) + minutes * 60_000).toISOString(),
  });
  return {
    town,
    mirror,
    state,
    publishers,
    prune: (dryRun = false) => prune({ dryRun }),
    nextDay: () => (now = new Date(Date.parse(now) + 86_400_000).toISOString()),
  };
}
