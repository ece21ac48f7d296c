import { setTimeout as pause } from "node:timers/promises";
import type { Run } from "../../src/pipelines/run.ts";
import { isClosed } from "../../src/pipelines/next.ts";
import type { Theatre } from "./theatre.ts";
import { SPEC, type Village } from "./village.ts";

/** Asks again until there is an answer; a machine may be very busy. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + 300_000; Date.now() < end; await pause(100)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`it never came: ${what}`);
}

/** The run once nothing of it is outstanding and GitHub shows it as it is. */
export const closed = ({ state }: Pick<Theatre, "state">, id: string): Promise<Run> =>
  until(`the end of ${id}`, async () => {
    const run = await state.run(id);
    return run && isClosed(run) && run;
  });

/** A pull request is built, then merged and published. */
export async function play(theatre: Theatre, village: Village): Promise<{ pull: Run; push: Run }> {
  const sha = await village.commit("topic", { "greet.spec": SPEC });
  const number = await village.open("topic");
  const pull = await closed(theatre, `${village.id}/pull/${number}/${sha}`);
  const merged = await village.merge(number);
  const push = await closed(theatre, `${village.id}/push/main/${merged}`);
  return { pull, push };
}
