import type { Elsewhere } from "../elsewhere.ts";
import { copyTree } from "./copy-tree.ts";
import { followUp } from "./follow-up.ts";
import type { Commit } from "./local-repository.ts";
import type { ReadyTree, TreeDesk, TreeStep } from "./prepare-tree.ts";
import { isRef, objectPath } from "../../pipelines/ostree/names.ts";
import { moveOf, publishedCommit, readRef } from "./ref.ts";
import { openReader } from "./read-objects.ts";
import { signatureOf, writeSignature } from "./signed.ts";

/** A tree that was published, and is to be what a ref leads to. */
export interface KnownTree {
  readonly ref: string;
  readonly commit: string;
  /** The number of the release that it comes with. */
  readonly version: string;
  /** The channel that it is published in; absent: this one. */
  readonly from?: Elsewhere | undefined;
}

/** Holds a published tree against the ref as it is now: where it leads to the same tree, be it by a commit of its own,
 *  nothing is to happen. */
export async function returnTree(desk: TreeDesk, known: KnownTree): Promise<TreeStep> {
  const { mirror, hand } = desk;
  const { ref, version, from = mirror } = known;
  if (!isRef(ref)) throw new Error(`${ref} is no name of a ref.`);
  const now = await readRef(mirror, ref);
  const base = now === undefined ? undefined : await publishedCommit(mirror, now);
  const tree = await publishedCommit(from, known.commit).catch(() => undefined);
  if (!tree) return { refusals: [`The commit ${known.commit} of ${ref} is not published any more.`], bring };
  const isThere = base !== undefined && base.tree === tree.tree && base.rights === tree.rights;
  const commit = isThere ? base : followUp(tree, { ref, version, at: hand.at, base });
  return {
    refusals: [],
    async bring(): Promise<ReadyTree> {
      const listed = await listing(desk, ref, commit);
      if (isThere) return { ...listed, fresh: 0 };
      const copied = known.from ? await copyTree({ from: known.from, to: mirror }, tree, base) : 0;
      await bringCommit(desk, listed);
      return { ...listed, fresh: copied + 1, move: moveOf(ref, now, commit.sum) };
    },
  };
}

const bring = (): Promise<ReadyTree> => Promise.reject(new Error("What is refused cannot be brought."));

/** Clients that have the commit before need its one new object alone: no delta is worth its bytes. */
const listing = async ({ hand }: TreeDesk, ref: string, commit: Commit) => ({
  ref,
  commit,
  deltas: [],
  signature: await signatureOf(hand, commit.bytes),
});

/** The signature goes before the commit, and both are read back as a client would. */
async function bringCommit(
  { shelf, url }: TreeDesk,
  { commit: { sum, bytes }, signature }: Awaited<ReturnType<typeof listing>>,
): Promise<void> {
  using reader = url === undefined ? undefined : openReader(`${url}/ostree`);
  const objects = [
    [objectPath({ kind: "commitmeta", sum }), writeSignature(signature)],
    [objectPath({ kind: "commit", sum }), bytes],
  ] as const;
  for (const [path, body] of objects) {
    const sha256 = await shelf.put(`ostree/${path}`, body);
    await reader?.expect(path, sha256);
  }
}
