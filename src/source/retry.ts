import { infrastructure, isFailure, isRefusal, wordsOf } from "./failure.ts";

/** Waits so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

const PAUSES = [1000, 4000, 16_000];
const LONGEST_WAIT = 60_000;

/** Tries again three times, ever more slowly or as the server asks. A refusal stands at once. */
export async function retry<T>(what: string, pause: Pause, action: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await action();
    } catch (error) {
      const wait = PAUSES[tries];
      if (isRefusal(error)) throw error;
      if (wait === undefined) throw infrastructure(`${what}: ${wordsOf(error)}`, error);
      const asked = isFailure(error) ? (error.after ?? 0) * 1000 : 0;
      await pause(Math.min(Math.max(wait, asked), LONGEST_WAIT));
    }
  }
}
