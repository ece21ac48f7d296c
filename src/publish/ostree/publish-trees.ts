import { hash } from "node:crypto";
import { readDocument } from "../announce/announce.ts";
import type { Desk } from "../judge.ts";
import { refresh } from "../mirror.ts";
import type { Mirror } from "../mirror.ts";
import { remoteFile, remoteFileName } from "./client-file.ts";
import { fetchTrees } from "./fetch-trees.ts";
import { prepareTree } from "./prepare-tree.ts";
import type { ReadyTree, TreeStep } from "./prepare-tree.ts";
import { returnTree } from "./return-tree.ts";
import type { KnownTree } from "./return-tree.ts";
import type { Shelf } from "./put-pool.ts";
import { writeConfig, writeSummary } from "./summary.ts";

/** The trees of a publication: looked at as often as the mirror changes, told of once their refs have moved. */
export interface Trees {
  readonly steps: () => Promise<readonly TreeStep[]>;
  /** Writes the list that clients may look into; it follows the refs. */
  readonly list: (ready: readonly ReadyTree[]) => Promise<void>;
}

/** What is asked of a channel's trees: new ones, those that were tested elsewhere, and those of a release that comes back. */
export async function treesOf(desk: Desk): Promise<Trees> {
  const { mirror, key, manifest } = desk;
  const offered = await fetchTrees(desk);
  const known = (await isTold(desk)) ? [] : [...promotedTrees(desk), ...(await treesBefore(desk))];
  const hand = { key, at: new Date(manifest.at) };
  const place = { mirror, shelf: desk.shelf ?? shelfOf(mirror), hand, url: manifest.mirror.url };
  return {
    steps: async () => {
      const steps: TreeStep[] = [];
      for (const offer of offered) steps.push(await prepareTree(place, offer));
      for (const one of known) steps.push(await returnTree(place, one));
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

/** Of a release that was told of everything was done; where refs went since they are to stay. */
async function isTold(desk: Desk): Promise<boolean> {
  return (await readDocument(desk, desk.manifest.release?.number)) !== undefined;
}

function promotedTrees({ manifest, elsewhere }: Desk): readonly KnownTree[] {
  const { promoted = [], release } = manifest;
  if (promoted.length === 0) return [];
  if (!elsewhere || !release) throw new Error("Only a release takes trees of another channel.");
  return promoted.map(({ ref, commit, prefix }) => ({
    ref,
    commit,
    version: release.number,
    from: elsewhere(prefix),
  }));
}

/** The trees as the release told of them that is to come back. */
async function treesBefore(desk: Desk): Promise<readonly KnownTree[]> {
  const { release } = desk.manifest;
  const { trees = [] } = (release && (await readDocument(desk, release.of))) ?? {};
  return trees.map(({ ref, commit }) => ({ ref, commit, version: release?.number ?? "" }));
}

/** Where nothing better is at hand. */
const shelfOf = (mirror: Mirror): Shelf => ({
  async put(key, body) {
    await mirror.put(key, body);
    return hash("sha256", body);
  },
});
