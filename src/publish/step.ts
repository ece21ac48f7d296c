import type { Desk } from "./judge.ts";
import type { Line } from "./line.ts";
import type { Move } from "./moves.ts";
import type { Package } from "./package-list.ts";
import { pointerText } from "./pointer.ts";

/** What is to happen to one line of a target, as far as it is known from what is on the mirror now. */
export interface Step {
  readonly target: string;
  readonly line: Line;
  /** Why it must not happen, in sentences. */
  readonly refusals: readonly string[];
  /** Writes all but the pointers, and reads it back as a client. */
  readonly bring: () => Promise<Brought>;
}

/** The number of the snapshot at which the line ends then, and the packages of it that were asked for, by NEVRA. */
export interface Brought {
  readonly number: number;
  readonly packages: readonly Package[];
}

/** A target that is asked for something: looks at the mirror, and says what is to happen. What was made ready once is
 *  kept for when the mirror has changed meanwhile. */
export type Steps = () => Promise<readonly Step[]>;

/** The pointers that are to move, the older releases' before the channel's. */
export const movesOf = ({ manifest }: Desk, { target, line }: Step, { number }: Brought): readonly Move[] => {
  const to = pointerText(manifest.mirror.url, target, number);
  return line.ends
    .filter(({ pointer }) => pointer?.number !== number)
    .map(({ key, pointer }) => ({ key, ...(pointer && { from: pointer.text }), to }));
};
