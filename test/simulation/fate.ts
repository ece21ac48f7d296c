import type { Chance } from "./chance.ts";

/** How often an effect fails, before it was applied or after, while times are bad. */
const TROUBLE = 0.04;

export interface Fate {
  /** Each touch of the world waits for its turn, may fail on either side, and is followed by a look at the invariants. */
  touch<T>(apply: () => T): Promise<T>;
  /** Lets one of those that wait go on; `false`: nobody waits. */
  resume(): Promise<boolean>;
  calm(): void;
  /** Now, as the simulated clock has it; a touch takes a second. */
  now(): string;
  pass(seconds: number): void;
}

export function fateOf(luck: Chance, look: () => void): Fate {
  const waiting: (() => void)[] = [];
  let seconds = Date.UTC(2026, 0, 1) / 1000;
  let bad = true;
  const fails = () => bad && luck.happens(TROUBLE / 2);
  return {
    async touch(apply) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      seconds += 1;
      if (fails()) throw new Error("it failed, and nothing has happened");
      const answer = apply();
      look();
      if (fails()) throw new Error("it failed, but it has happened");
      return answer;
    },
    async resume() {
      const [go] = waiting.splice(luck.below(waiting.length), 1);
      go?.();
      // All that follows from it, up to the next touch.
      if (go) await new Promise<void>((resolve) => setImmediate(resolve));
      return go !== undefined;
    },
    calm: () => (bad = false),
    now: () => new Date(seconds * 1000).toISOString(),
    pass: (more) => (seconds += more),
  };
}
