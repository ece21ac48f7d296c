import { everything, plan, type Targets, type Wish } from "../../src/pipelines/plan.ts";
import type { Recipe, Run } from "../../src/pipelines/run.ts";

/** What a test asks for: every recipe for every target. */
export interface Asked extends Omit<Wish, "work" | "leave" | "left"> {
  readonly recipes: readonly Recipe[];
  readonly targets: Targets;
}

export function laid({ recipes, targets, ...wish }: Asked): Run {
  return plan({ ...wish, leave: { rule: "can-write" }, left: [], work: everything(recipes, targets) });
}
