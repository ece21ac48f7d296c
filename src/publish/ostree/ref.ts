import type { Mirror } from "../mirror.ts";
import type { Move } from "../moves.ts";
import { isSum, refPath } from "./names.ts";

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
