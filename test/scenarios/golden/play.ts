import { acts } from "./acts.ts";
import { calm } from "./calm.ts";
import { type Cast, foundCast, type House } from "./cast.ts";
import { hiddenActs } from "./hidden-acts.ts";
import { plain } from "./plain.ts";
import { recordOf } from "./record.ts";
import type { Script, Step } from "./script.ts";

type Act = (house: House, cast: Cast, what: unknown) => unknown;

/** Plays a scenario, step after step, each once nothing more came of the one before; gives what it led to, as YAML. */
export async function playScript(house: House, script: Script): Promise<string> {
  const cast = await foundCast(house, script);
  for (const step of script.steps) {
    await play(house, cast, step).catch((error: unknown) => {
      throw new Error(`${script.title}: ${JSON.stringify(step)}`, { cause: error });
    });
  }
  const { calls, ...record } = await recordOf(house, cast, script.title);
  return plain(house, cast, script.uncounted ? record : { ...record, calls });
}

async function play(house: House, cast: Cast, { hasty = false, ...step }: Step): Promise<void> {
  const all = { ...acts, ...hiddenActs } as Readonly<Record<string, Act>>;
  for (const [verb, what] of Object.entries(step)) await all[verb]?.(house, cast, what);
  if (!hasty) await calm(house, cast);
}
