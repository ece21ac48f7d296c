import { createHash } from "node:crypto";
import type { Package } from "../publish/package-list.ts";

/** Which packages are read whole when not all are: as many as `SAMPLE`, chosen by digests, so that everybody who looks at
 *  this snapshot reads the same, and other ones of the next. */
export function sample(snapshot: string, packages: readonly Package[]): ReadonlySet<Package> {
  const drawn = packages.map((one) => ({ one, lot: lotOf(snapshot, one) })).toSorted(byLot);
  return new Set(drawn.slice(0, SAMPLE).map(({ one }) => one));
}

const SAMPLE = 10;

const lotOf = (snapshot: string, { sha256 }: Package): string =>
  createHash("sha256").update(`${snapshot} ${sha256}`).digest("hex");

const byLot = (a: { readonly lot: string }, b: { readonly lot: string }): number => (a.lot < b.lot ? -1 : 1);
