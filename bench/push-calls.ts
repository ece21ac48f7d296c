/** A call as GitHub saw it, in milliseconds of one clock. */
export interface Call {
  readonly operation: string;
  readonly began: number;
  readonly ended: number;
}

/** How many calls came one after the other: the longest chain in which each began when the one before had ended. */
export function inSequence(calls: readonly Call[]): number {
  let [length, end] = [0, -Infinity];
  // Whoever ends first leaves the most room for the others.
  for (const call of calls.toSorted((a, b) => a.ended - b.ended))
    if (call.began >= end) [length, end] = [length + 1, call.ended];
  return length;
}
