import type { Mirror } from "../mirror.ts";
import type { Move } from "../moves.ts";
import { bringTree } from "./bring-tree.ts";
import { readDelta } from "./delta.ts";
import type { Delta } from "./delta.ts";
import type { Dictionary } from "../../pipelines/ostree/gvariant.ts";
import { readCommit } from "./local-repository.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { isRef } from "../../pipelines/ostree/names.ts";
import { newObjects } from "./new-objects.ts";
import type { Shelf } from "./put-pool.ts";
import { onTop, rebased } from "./rebase.ts";
import { moveOf, publishedCommit, readRef } from "./ref.ts";
import { signatureOf } from "./signed.ts";
import type { Hand } from "./signed.ts";
import type { Listing } from "./summary.ts";
import { treeViolations } from "./tree-gate.ts";

/** Where trees go and who signs them. `shelf` writes to the same place as `mirror`, for what is never changed. */
export interface TreeDesk {
  readonly mirror: Mirror;
  readonly shelf: Shelf;
  readonly hand: Hand;
  /** The public address of the place, where all that is written is read back; absent: it is not. */
  readonly url?: string | undefined;
}

/** A commit that was made for a ref; `version`: the number it must bear. */
export interface OfferedTree {
  readonly repository: LocalRepository;
  readonly ref: string;
  readonly commit: string;
  readonly version?: string | undefined;
}

/** A tree that is on the mirror whole and signed, and to which its ref can be moved. */
export interface ReadyTree extends Listing {
  /** Objects that were not there before. */
  readonly fresh: number;
  /** What makes it visible; absent: it is already. */
  readonly move?: Move;
  /** The commit that was composed, where this one is the same tree made to follow what others published meanwhile. */
  readonly composed?: string;
}

/** What is to happen to a ref, as far as it is known from what is on the mirror now. */
export interface TreeStep {
  /** Why it must not happen, in sentences. */
  readonly refusals: readonly string[];
  /** Brings the commit to the mirror, up to its ref: new files and folders, deltas, signature, commit. Stopped anywhere it
   *  leaves nothing that a client could come upon, and done again it writes the same. */
  readonly bring: () => Promise<ReadyTree>;
}

/** Holds a commit against the ref as it is now. */
export async function prepareTree(desk: TreeDesk, offer: OfferedTree): Promise<TreeStep> {
  const { repository, ref, version } = offer;
  if (!isRef(ref)) throw new Error(`${ref} is no name of a ref.`);
  const made = readCommit(repository, offer.commit);
  if (!made) throw new Error(`The commit ${offer.commit} is not in the repository.`);
  const now = await readRef(desk.mirror, ref);
  // It was brought before, by somebody who was stopped afterwards.
  if (now === made.sum) return { refusals: [], bring: async () => listed(desk, offer, { made }) };
  const base = now === undefined ? undefined : await publishedCommit(desk.mirror, now, repository);
  const commit = base ? await onTop(desk.mirror, made, base) : made;
  if (commit === base) return { refusals: [], bring: async () => standing(desk, offer, { made, commit }) };
  return {
    refusals: treeViolations(commit, { ref, version, base }),
    async bring() {
      const tree = await listed(desk, offer, { made, commit });
      // What it was composed on is on the mirror, and its folders are at hand; of what came between they are not.
      const under = made.parent === undefined ? undefined : readCommit(repository, made.parent);
      const objects = newObjects(repository, commit, under);
      await bringTree(desk.shelf, { ...tree, repository, objects }, desk.url);
      return { ...tree, fresh: objects.length + 1, move: moveOf(ref, now, commit.sum) };
    },
  };
}

/** What a summary will say of a commit, which is the one that was made, or the same tree as what follows another. */
async function listed(
  { hand }: TreeDesk,
  { repository, ref }: OfferedTree,
  { made, commit = made }: { readonly made: Commit; readonly commit?: Commit },
): Promise<ReadyTree & { readonly signature: Dictionary }> {
  const signature = await signatureOf(hand, commit.bytes);
  const deltas = await deltasTo(repository, { made, commit, signature });
  const composed = commit === made ? {} : { composed: made.sum };
  return { ref, commit, signature, deltas, fresh: 0, ...composed };
}

/** What a summary says of a tree that is published already: by ourselves, before we were stopped, or by others, whose deltas
 *  are not ours. */
async function standing(
  desk: TreeDesk,
  offer: OfferedTree,
  { made, commit }: { readonly made: Commit; readonly commit: Commit },
): Promise<ReadyTree> {
  const tree = await listed(desk, offer, { made, commit });
  const isOurs = commit.parent !== undefined && rebased(made, commit.parent).sum === commit.sum;
  return isOurs ? tree : { ...tree, deltas: [] };
}

/** The deltas from the two commits before. */
async function deltasTo(
  repository: LocalRepository,
  to: { readonly made: Commit; readonly commit: Commit; readonly signature: Dictionary },
): Promise<readonly Delta[]> {
  const { parent } = to.made;
  if (parent === undefined) return [];
  const deltas = [];
  for (const from of [parent, readCommit(repository, parent)?.parent])
    if (from !== undefined && from !== to.commit.sum)
      deltas.push(await readDelta(repository, { from, ...to }));
  return deltas.filter((delta) => delta !== undefined);
}
