import type { Stage } from "../../src/pipelines/stage.ts";
import { chance } from "./chance.ts";
import { type Fate, fateOf } from "./fate.ts";
import { broken, isQuiet, unended } from "./invariants.ts";
import { people, turns } from "./turn.ts";
import { newWorld } from "./world.ts";

/** How a world of the simulation may be wrong on purpose, to see that it is found out. */
export interface Mutant {
  readonly change?: Parameters<typeof newWorld>[2];
  readonly sweeps?: boolean;
  readonly finds?: boolean;
}

const BAD_TURNS = 400;
const CALM_TURNS = 20_000;

/** Plays one history of a pull request and a push; returns what was wrong with it. */
export async function play(seed: number, mutant: Mutant = {}): Promise<string | undefined> {
  const luck = chance(seed);
  let complaint: string | undefined;
  const seen = new Map<string, Stage>();
  const fate: Fate = fateOf(luck, () => (complaint ??= broken(world, seen)));
  const world = newWorld(fate, luck, mutant.change);
  if (mutant.finds === false) world.yard.forgets();
  const turn = turns(world, { fate, luck, sweeps: mutant.sweeps ?? true });
  for (let i = 0; i < BAD_TURNS; i++) await turn.bad();
  fate.calm();
  turn.wake();
  // The last that people do may be lost on its way all the same.
  people(world, luck, 1);
  for (let i = 0; i < CALM_TURNS; i++) {
    if (complaint) return complaint;
    if (!(await turn.good()) && isQuiet(world)) return complaint ?? unended(world);
  }
  return complaint ?? "it never came to rest";
}
