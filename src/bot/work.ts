import type { Deployment } from "../pipelines/deployment.ts";
import { everything, type Targets, type Work } from "../pipelines/plan.ts";
import type { Arch, Recipe } from "../pipelines/run.ts";

/** What somebody asked for in a comment; an empty list means all. */
export interface Wanted {
  readonly arches: readonly Arch[];
  readonly recipes: readonly string[];
}

/** By its name, or by its path, as people see it in the list of files. */
export const isNamed = ({ name, path }: Recipe, word: string): boolean => name === word || path === word;

/** The jobs that were asked for; an arch that the rules do not ask for is built where there is a root, as advisory. */
export function wantedWork(
  recipes: readonly Recipe[],
  targets: Targets,
  { wanted, deployment }: { readonly wanted: Wanted; readonly deployment: Deployment },
): readonly Work[] {
  const named = recipes.filter(
    (recipe) => wanted.recipes.length === 0 || wanted.recipes.some((word) => isNamed(recipe, word)),
  );
  if (wanted.arches.length === 0) return everything(named, targets);
  const asked = Object.entries(targets).map(([target, arches]) => {
    const images = deployment.targets[target]?.images ?? {};
    const known = wanted.arches.filter((arch) => arch in images);
    return [target, Object.fromEntries(known.map((arch) => [arch, arches[arch] ?? "advisory"]))] as const;
  });
  return everything(named, Object.fromEntries(asked));
}
