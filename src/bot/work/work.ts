import type { Deployment } from "../../pipelines/deployment.ts";
import type { Targets, Work } from "../../pipelines/plan.ts";
import type { Arch, Recipe, Run } from "../../pipelines/run.ts";
import type { Config } from "../config/config.ts";
import { recipesOf, type RuledRecipe } from "../config/recipes.ts";
import type { Images } from "./images.ts";
import { workOf } from "./targets.ts";
import type { Treefiles } from "../treefile/includes.ts";
import { touched } from "./touched.ts";
import {
  leftBecause,
  leftMistake,
  leftNoDerived,
  leftNoImage,
  leftNoTree,
  leftUnacked,
  leftUnbuilt,
} from "../words/left.ts";

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
  /** Absent where nobody's leave counts: of what a branch has. */
  readonly leave?: Run["leave"] | undefined;
  readonly paths: readonly string[];
  readonly changed: readonly string[] | "too-many";
  /** The image descriptions among the paths, as they were read. */
  readonly described: Images["described"];
  /** The treefiles that are recipes, and all that were read with them. */
  readonly trees?: { readonly roots: ReadonlySet<string>; readonly files: Treefiles } | undefined;
}

export interface Choice {
  readonly work: readonly Work[];
  readonly left: Run["left"];
}

/** What of a commit is built: the recipes that it touches, for what the rules ask; and what is left out, and why. */
export function chosen(choosing: Choosing): Choice {
  const { config, targets, paths, changed } = choosing;
  const { recipes, unbuilt, mistakes } = recipesOf(config, paths, knownIn(choosing));
  const { recipes: reached, skipped } = touched(recipes, changed);
  const work = workOf({ config, recipes: reached, targets, images: imagesAt(choosing) });
  const made = new Set(work.map(({ recipe }) => recipe.name));
  const unmade = reached.filter(({ recipe }) => recipe.kind !== "rpm" && !made.has(recipe.name));
  return {
    work: work.filter((one) => mayBeMade(one, choosing)),
    left: [
      ...skipped.map(({ recipe, because }) => ({ what: recipe.name, because: leftBecause(because) })),
      ...unbuilt.map(({ kind, path }) => ({ what: path, because: leftUnbuilt(kind) })),
      ...unmade.map(({ recipe: { kind, name, path }, tree }) => {
        if (kind === "tree") return { what: path, because: leftNoTree };
        return { what: name, because: tree === undefined ? leftNoImage : leftNoDerived(tree) };
      }),
      ...unacked(work, choosing).map((what) => ({ what, because: leftUnacked })),
      ...mistakes.map(leftMistake),
    ],
  };
}

/** The files that are known to be image descriptions and treefiles. */
export const knownIn = ({ described, trees }: Pick<Choosing, "described" | "trees">): ReadonlySet<string> =>
  new Set([...described.keys(), ...(trees?.roots ?? [])]);
const imagesAt = ({ described, trees, deployment: { targets } }: Choosing): Images => ({
  described,
  treefiles: trees?.files,
  targets,
});

/** Images are made with more powers: who is only trusted with packages needs a committer's word for each commit. */
const mayBeMade = ({ recipe }: Work, { leave }: Choosing): boolean =>
  recipe.kind === "rpm" || leave?.rule !== "trusted";

const unacked = (work: readonly Work[], choosing: Choosing): readonly string[] => [
  ...new Set(work.filter((one) => !mayBeMade(one, choosing)).map(({ recipe }) => recipe.name)),
];

/** By its name, or by its path, as people see it in the list of files. */
export const isNamed = ({ name, path }: Recipe, word: string): boolean => name === word || path === word;

/**
 * The jobs that somebody asked for: of recipes by name also where they are not touched, and also for arches that the
 * rules do not ask for: those are advisory, where there is a root.
 */
export function wantedWork(choosing: Choosing, wanted: Wanted): readonly Work[] {
  const { config, targets, deployment, paths, changed } = choosing;
  const images = imagesAt(choosing);
  const { recipes: all } = recipesOf(config, paths, knownIn(choosing));
  const named =
    wanted.recipes.length === 0
      ? touched(all, changed).recipes
      : withTrees(all, ({ recipe }) => wanted.recipes.some((word) => isNamed(recipe, word)));
  const may = (work: readonly Work[]) => work.filter((one) => mayBeMade(one, choosing));
  if (wanted.arches.length === 0) return may(workOf({ config, recipes: named.map(asked), targets, images }));
  const wider = Object.entries(targets).map(([target, arches]) => {
    const images = deployment.targets[target]?.images ?? {};
    const known = wanted.arches.filter((arch) => arch in images);
    return [target, Object.fromEntries(known.map((arch) => [arch, arches[arch] ?? "advisory"]))] as const;
  });
  const recipes = named.map((ruled) => ({ ...asked(ruled), arches: [...wanted.arches] }));
  return may(workOf({ config, recipes, targets: Object.fromEntries(wider), images }));
}

/** The recipes that are asked for, and the trees that their images are made of. */
function withTrees(
  all: readonly RuledRecipe[],
  isAsked: (ruled: RuledRecipe) => boolean,
): readonly RuledRecipe[] {
  const trees = new Set(all.filter(isAsked).flatMap(({ tree }) => tree ?? []));
  return all.filter(
    (ruled) => isAsked(ruled) || (ruled.recipe.kind === "tree" && trees.has(ruled.recipe.name)),
  );
}

/** Who is asked for by name is not skipped. */
const asked = (ruled: RuledRecipe): RuledRecipe => ({ ...ruled, skip: false });
