import { isAllKnown, type Lock, lockKey, lockOf } from "../../pipelines/release/lock.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Blobs } from "../../ports.ts";

/**
 * What went into a release, by now; `undefined` for what is no release. It is kept once all of it is known, and again
 * if an arch came late: it only ever grows.
 */
export async function writeLock(
  { blobs }: { readonly blobs: Pick<Blobs, "put"> },
  run: Run,
): Promise<Lock | undefined> {
  const lock = lockOf(run);
  if (lock && isAllKnown(run)) await blobs.put(lockKey(lock), JSON.stringify(lock, undefined, 1));
  return lock;
}
