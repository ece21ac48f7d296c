import type { Mirror } from "../mirror.ts";
import { isSum, refPath } from "./names.ts";

/** What a ref leads to, and the version of the object that says so. */
export interface Ref {
  readonly sum: string;
  readonly version: string;
}

export async function readRef(mirror: Mirror, ref: string): Promise<Ref | undefined> {
  const there = await mirror.get(`ostree/${refPath(ref)}`);
  if (!there) return undefined;
  const sum = Buffer.from(there.value).toString().trimEnd();
  if (!isSum(sum)) throw new Error(`${refPath(ref)} does not name a commit.`);
  return { sum, version: there.version };
}

/** Moves a ref on from what was read; `false` says that somebody else has moved it. */
export async function moveRef(
  mirror: Mirror,
  { ref, now, to }: { readonly ref: string; readonly now: Ref | undefined; readonly to: string },
): Promise<boolean> {
  const key = `ostree/${refPath(ref)}`;
  const line = Buffer.from(`${to}\n`);
  const moved = now ? await mirror.replace(key, line, now.version) : await mirror.create(key, line);
  // A commit stands for one content, so a ref to it was moved by us: an answer was lost, or we ran twice.
  return moved || (await readRef(mirror, ref))?.sum === to;
}
