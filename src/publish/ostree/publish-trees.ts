import { hash } from "node:crypto";
import type { Desk } from "../judge.ts";
import { refresh } from "../mirror.ts";
import type { Mirror } from "../mirror.ts";
import { remoteFile, remoteFileName } from "./client-file.ts";
import { fetchTrees } from "./fetch-trees.ts";
import { prepareTree } from "./prepare-tree.ts";
import type { ReadyTree, TreeStep } from "./prepare-tree.ts";
import type { Shelf } from "./put-pool.ts";
import { writeConfig, writeSummary } from "./summary.ts";

/** The trees of a publication: looked at as often as the mirror changes, told of once their refs have moved. */
export interface Trees {
  readonly steps: () => Promise<readonly TreeStep[]>;
  /** Writes the list that clients may look into; it follows the refs. */
  readonly list: (ready: readonly ReadyTree[]) => Promise<void>;
}

/** What is asked of a channel's trees. */
export async function treesOf(desk: Desk): Promise<Trees> {
  const { mirror, key, manifest } = desk;
  const offered = await fetchTrees(desk);
  const hand = { key, at: new Date(manifest.at) };
  const place = { mirror, shelf: desk.shelf ?? shelfOf(mirror), hand, url: manifest.mirror.url };
  return {
    steps: async () => {
      const steps: TreeStep[] = [];
      for (const offer of offered) steps.push(await prepareTree(place, offer));
      return steps;
    },
    async list(ready) {
      if (ready.length === 0) return;
      await writeConfig(mirror);
      await refresh(mirror, remoteFileName(manifest), remoteFile(manifest));
      await writeSummary(place, ready);
    },
  };
}

/** Where nothing better is at hand. */
const shelfOf = (mirror: Mirror): Shelf => ({
  async put(key, body) {
    await mirror.put(key, body);
    return hash("sha256", body);
  },
});
