import type { Waiting } from "./dispatch-order.ts";
import { isBefore, jobOf } from "./overdue.ts";

export interface Turn {
  /** To be given a builder, in this order, as long as there are any. */
  readonly now: readonly Waiting[];
  /** In line still. What waits for its night is in none. */
  readonly later: readonly Waiting[];
}

/**
 * What is required goes before all that is advisory, of whatever class; and of two or more builders one is kept from
 * what is advisory, so that the next that is required finds it. `free`: builders without a build, where that is known.
 */
export function turnToBuild(
  line: readonly Waiting[],
  now: string,
  { slots, free }: { readonly slots?: number | undefined; readonly free?: number } = {},
): Turn {
  const due = line.filter((one) => !isBefore(one, now));
  const required = due.filter((one) => !isAdvisory(one));
  const advisory = due.filter(isAdvisory);
  const room =
    slots === undefined || slots < 2
      ? advisory.length
      : Math.max(0, (free ?? slots) - required.length - KEPT);
  return { now: [...required, ...advisory.slice(0, room)], later: advisory.slice(room) };
}

const KEPT = 1;

const isAdvisory = ({ run, stage }: Waiting): boolean => jobOf(run, stage)?.tier === "advisory";
