import { z } from "zod";
import { amiss } from "./finding.ts";
import type { Pointer } from "./pointer.ts";
import type { Record } from "./record.ts";
import { rewritten, wentBack } from "./words.ts";

/** What was found at a target when it was last good. `revision` is Unix time, `record` the digest of `snapshot.json`,
 *  `at` when it was looked at (ISO 8601, UTC). */
export const Seen = z.readonly(
  z.strictObject({
    fingerprint: z.string(),
    /** All keys that may sign, where there are several: the one that did, and those that it vouched for. */
    keys: z.optional(z.readonly(z.array(z.string()))),
    number: z.int(),
    revision: z.int(),
    record: z.string(),
    at: z.string(),
  }),
);
export type Seen = z.infer<typeof Seen>;

/** Remembers what was seen, by the target's address. */
export interface SeenStore {
  get(targetUrl: string): Promise<Seen | undefined>;
  put(targetUrl: string, seen: Seen): Promise<void>;
  /** Addresses of all targets that were seen. */
  targets(): Promise<readonly string[]>;
}

/** Throws if a target shows something older than it did, or something else under the same number. */
export function checkForward(
  { snapshotUrl, number }: Pointer,
  { snapshot: { revision }, sha256 }: Record,
  seen: Seen | undefined,
): void {
  if (!seen) return;
  if (number < seen.number)
    throw amiss(wentBack(snapshotUrl, `this is snapshot ${number}`, `snapshot ${seen.number}`));
  if (number === seen.number && sha256 !== seen.record) throw amiss(rewritten(snapshotUrl));
  if (revision < seen.revision || (number > seen.number && revision === seen.revision))
    throw amiss(
      wentBack(snapshotUrl, `its content is of ${instant(revision)}`, `content of ${instant(seen.revision)}`),
    );
}

/** ISO 8601 of Unix time. */
export const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
