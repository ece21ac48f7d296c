import type { Deployment } from "../pipelines/deployment.ts";
import type { Targets, Work } from "../pipelines/plan.ts";
import type { Arch, Recipe, Run } from "../pipelines/run.ts";
import type { Config } from "./config.ts";
import { recipesOf, type RuledRecipe } from "./config-recipes.ts";
import { workOf } from "./targets.ts";
import { touched } from "./touched.ts";
import { leftBecause, leftMistake, leftUnbuilt } from "./words/left.ts";

/** What somebody asked for in a comment; an empty list means all. */
export interface Wanted {
  readonly arches: readonly Arch[];
  readonly recipes: readonly string[];
}

/** A commit and the rules for it, when it is decided what of it is built. */
export interface Choosing {
  readonly config: Config;
  readonly targets: Targets;
  readonly deployment: Pick<Deployment, "targets">;
  readonly paths: readonly string[];
  readonly changed: readonly string[] | "too-many";
  /** Files whose content says that they are image descriptions. */
  readonly images: readonly string[];
}

export interface Choice {
  readonly work: readonly Work[];
  readonly left: Run["left"];
}

/** What of a commit is built: the recipes that it touches, for what the rules ask; and what is left out, and why. */
export function chosen({ config, targets, paths, changed, images }: Choosing): Choice {
  const { recipes, unbuilt, mistakes } = recipesOf(config, paths);
  const { recipes: reached, skipped } = touched(recipes, changed);
  return {
    work: workOf({ config, recipes: reached, targets }),
    left: [
      ...skipped.map(({ recipe, because }) => ({ what: recipe.name, because: leftBecause(because) })),
      ...unbuilt.map(({ kind, path }) => ({ what: path, because: leftUnbuilt(kind) })),
      ...images.map((path) => ({ what: path, because: leftUnbuilt("image") })),
      ...mistakes.map(leftMistake),
    ],
  };
}

/** By its name, or by its path, as people see it in the list of files. */
export const isNamed = ({ name, path }: Recipe, word: string): boolean => name === word || path === word;

/**
 * The jobs that somebody asked for: of recipes by name also where they are not touched, and also for arches that the
 * rules do not ask for: those are advisory, where there is a root.
 */
export function wantedWork(
  { config, targets, deployment, paths, changed }: Choosing,
  wanted: Wanted,
): readonly Work[] {
  const { recipes: all } = recipesOf(config, paths);
  const named =
    wanted.recipes.length === 0
      ? touched(all, changed).recipes
      : all.filter(({ recipe }) => wanted.recipes.some((word) => isNamed(recipe, word)));
  if (wanted.arches.length === 0) return workOf({ config, recipes: named.map(asked), targets });
  const wider = Object.entries(targets).map(([target, arches]) => {
    const images = deployment.targets[target]?.images ?? {};
    const known = wanted.arches.filter((arch) => arch in images);
    return [target, Object.fromEntries(known.map((arch) => [arch, arches[arch] ?? "advisory"]))] as const;
  });
  const recipes = named.map((ruled) => ({ ...asked(ruled), arches: [...wanted.arches] }));
  return workOf({ config, recipes, targets: Object.fromEntries(wider) });
}

/** Who is asked for by name is not skipped. */
const asked = (ruled: RuledRecipe): RuledRecipe => ({ ...ruled, skip: false });
