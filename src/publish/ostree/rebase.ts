import { hash } from "node:crypto";
import type { Mirror } from "../mirror.ts";
import { objectPath } from "../../pipelines/ostree/names.ts";
import { commitOf } from "./local-repository.ts";
import type { Commit } from "./local-repository.ts";
import { commitShape } from "../../pipelines/ostree/shapes.ts";

/** How many commits back a tree may have been composed: twenty publications a day come to three days. */
const FAR = 64;

/** The same tree, under the same number and time, as what follows another commit. A commit names its parent, so it is a
 *  commit of its own; of the same two it is always the same one. */
export function rebased({ bytes }: Pick<Commit, "bytes">, onto: string): Commit {
  const [metadata, , ...rest] = commitShape.read(bytes);
  const made = commitShape.write([metadata, Buffer.from(onto, "hex"), ...rest]);
  return commitOf(hash("sha256", made), made);
}

/** What a commit comes to on top of what is published: itself where it was composed on that; the same tree made to follow it,
 *  where others were published since; what is published, where that is this tree already. Composed on something that never
 *  was there, it stays what it is. */
export async function onTop(mirror: Mirror, commit: Commit, base: Commit): Promise<Commit> {
  if (commit.parent === base.sum || !(await descends(mirror, base, commit.parent))) return commit;
  const isSame = base.tree === commit.tree && base.rights === commit.rights;
  return isSame ? base : rebased(commit, base.sum);
}

/** As far back as commits are kept. */
async function descends(mirror: Mirror, base: Commit, from: string | undefined): Promise<boolean> {
  if (from === undefined) return true;
  let { parent } = base;
  for (let back = 1; back < FAR && parent !== undefined && parent !== from; back += 1) {
    const there = await mirror.get(`ostree/${objectPath({ kind: "commit", sum: parent })}`);
    parent = there && commitOf(parent, Buffer.from(there.value)).parent;
  }
  return parent === from;
}
