import type { Waiting } from "./dispatch-order.ts";
import { isBefore, jobOf } from "./overdue.ts";

/** Those of a line that may be given a builder now: the night's not before it, and what is advisory after all that is required. */
export function turnToBuild(line: readonly Waiting[], now: string): readonly Waiting[] {
  const due = line.filter((one) => !isBefore(one, now));
  return [...due.filter((one) => !isAdvisory(one)), ...due.filter(isAdvisory)];
}

const isAdvisory = ({ run, stage }: Waiting): boolean => jobOf(run, stage)?.tier === "advisory";
