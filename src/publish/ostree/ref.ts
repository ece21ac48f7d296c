import { hash } from "node:crypto";
import type { Mirror } from "../mirror.ts";
import type { Move } from "../moves.ts";
import { commitOf, readCommit } from "./local-repository.ts";
import type { Commit, LocalRepository } from "./local-repository.ts";
import { isSum, objectPath, refPath } from "../../pipelines/ostree/names.ts";

const keyOf = (ref: string): string => `ostree/${refPath(ref)}`;
const textOf = (sum: string): string => `${sum}\n`;

/** The commit that a ref leads to. */
export async function readRef(mirror: Mirror, ref: string): Promise<string | undefined> {
  const there = await mirror.get(keyOf(ref));
  if (!there) return undefined;
  const sum = Buffer.from(there.value).toString().trimEnd();
  if (!isSum(sum)) throw new Error(`${refPath(ref)} does not name a commit.`);
  return sum;
}

/** Moves a ref on from what was read. */
export const moveOf = (ref: string, from: string | undefined, to: string): Move => ({
  key: keyOf(ref),
  ...(from !== undefined && { from: textOf(from) }),
  to: textOf(to),
});

/** A commit that is published: the composer had it, or the mirror has. */
export async function publishedCommit(
  mirror: Pick<Mirror, "get">,
  sum: string,
  repository?: LocalRepository,
): Promise<Commit> {
  const local = repository && readCommit(repository, sum);
  if (local) return local;
  const there = await mirror.get(`ostree/${objectPath({ kind: "commit", sum })}`);
  if (!there || hash("sha256", there.value) !== sum)
    throw new Error(`The commit ${sum}, which is published, is not on the mirror as it should be.`);
  return commitOf(sum, Buffer.from(there.value));
}
