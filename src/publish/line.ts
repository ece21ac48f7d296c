import type { Desk } from "./judge.ts";
import type { Base } from "./merge.ts";
import { allIn } from "./package-list.ts";
import { pinKey, pointerKey, readPointer } from "./pointer.ts";
import type { Pointer } from "./pointer.ts";
import { readFileOf, readSnapshot } from "./snapshot.ts";

/** Snapshots of a target, each made from the one before: those of the channel, or those of a release that the channel has
 *  left behind. `ends` are the pointers that name the newest, or shall. */
export interface Line {
  readonly ends: readonly End[];
  readonly newest: Newest | undefined;
  /** The number that the channel is at: those up to it were given away, be they pruned since. */
  readonly taken: number;
}

interface End {
  readonly key: string;
  readonly pointer: Pointer | undefined;
}

export type Newest = Base & { readonly number: number };

/** The lines that get what a release brings to a target. If the channel went on since, the release still gets it; the
 *  channel does too if all of the release is in it, and not after a rollback. */
export async function linesOf(desk: Desk, target: string): Promise<readonly Line[]> {
  const { release } = desk.manifest;
  const channel = await endAt(desk, pointerKey(target));
  const pin = release && (await endAt(desk, pinKey(release.number, target)));
  const newest = await newestAt(desk, target, channel);
  const after = desk.manifest.targets.find((one) => one.target === target)?.after ?? 0;
  const taken = Math.max(newest?.number ?? 0, after);
  if (!pin) return [{ ends: [channel], newest, taken }];
  if (!pin.pointer || pin.pointer.number === newest?.number) return [{ ends: [pin, channel], newest, taken }];
  const left = await newestAt(desk, target, pin);
  const own = { ends: [pin], newest: left, taken };
  return (await isWithin(left, newest)) ? [own, { ends: [channel], newest, taken }] : [own];
}

const endAt = async ({ mirror }: Desk, key: string): Promise<End> => ({
  key,
  pointer: await readPointer(mirror, key),
});

const newestAt = async (desk: Desk, target: string, { pointer }: End): Promise<Newest | undefined> =>
  pointer && snapshotAt(desk, target, pointer.number);

/** A snapshot that our key signed, to build upon. */
export async function snapshotAt({ mirror, key }: Desk, target: string, number: number): Promise<Newest> {
  const snapshot = await readSnapshot(mirror, { target, number, key });
  const read = (kind: Parameters<Base["read"]>[0]) => readFileOf(mirror, { number, snapshot }, kind);
  // The list is small and needed more than once.
  const list = await read("list");
  return { number, snapshot, read: async (kind) => (kind === "list" ? list : read(kind)) };
}

async function isWithin(part: Base | undefined, whole: Base | undefined): Promise<boolean> {
  if (!part || !whole) return false;
  const there = new Set((await packagesIn(whole)).map(({ sha256 }) => sha256));
  return (await packagesIn(part)).every(({ sha256 }) => there.has(sha256));
}

/** All packages of a snapshot. */
export const packagesIn = async (base: Base) => allIn(await base.read("list"));
