import { isBootable } from "../../pipelines/manifest/boot.ts";
import { nearest } from "../../pipelines/nearest.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { Recipe } from "../../pipelines/run.ts";
import type { Config, ConfigProblem, RecipeRule } from "../config/config.ts";
import type { RuledRecipe } from "../config/recipes.ts";
import type { Images } from "./images.ts";
import { derivedWords } from "../words/derived.ts";

/** A rule for images that are made of a tree. */
type DerivedRule = RecipeRule & { readonly tree: string };

export const isDerivedRule = (rule: RecipeRule): rule is DerivedRule => rule.tree !== undefined;

/** The recipes of images that the config makes of trees, and those whose tree is not at this commit. */
export function derivedRecipes(
  { recipes }: Pick<Config, "recipes">,
  found: readonly Recipe[],
): { readonly recipes: readonly RuledRecipe[]; readonly mistakes: readonly ConfigProblem[] } {
  const rules = Object.entries(recipes).flatMap(([name, rule]) =>
    isDerivedRule(rule) ? [{ name, rule }] : [],
  );
  const names = new Set(found.map(({ name }) => name));
  const made = rules.map(({ name, rule }): RuledRecipe | ConfigProblem => {
    const tree = found.find((recipe) => recipe.name === rule.tree);
    if (names.has(name)) return mistake(name, rule, { because: derivedWords.taken });
    if (tree?.kind === "tree") return derived({ name, rule }, tree);
    if (tree) return mistake(name, rule, { because: derivedWords.noTree(tree.path) });
    const trees = found.filter(({ kind }) => kind === "tree").map((one) => one.name);
    return mistake(name, rule, {
      because: derivedWords.unknown(trees),
      suggestion: nearest(rule.tree, trees),
    });
  });
  return {
    recipes: made.filter((one) => "recipe" in one),
    mistakes: made.filter((one) => "because" in one),
  };
}

function mistake(
  name: string,
  { place }: DerivedRule,
  { because, suggestion }: { readonly because: string; readonly suggestion?: string | undefined },
): ConfigProblem {
  return {
    ...place,
    because: `recipes.${name}.tree: ${because}`,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** It has no file of its own: its path is that of its tree, with its name behind it. */
function derived(
  {
    name,
    rule: { path: _path, place: _place, ...rule },
  }: { readonly name: string; readonly rule: DerivedRule },
  tree: Recipe,
): RuledRecipe {
  return { ...rule, recipe: { kind: "image", name, path: `${tree.path}#${name}` } };
}

/** The images that are made of those trees that are composed, on the same targets and arches and in the same tier. */
export function derivedWork(
  { recipe, tree, images = [], arches, boot, timeoutMinutes }: RuledRecipe,
  made: readonly Work[],
  deployment: Images["targets"],
): readonly Work[] {
  if (tree === undefined) return [];
  return made
    .filter(
      (work) =>
        work.recipe.kind === "tree" &&
        work.recipe.name === tree &&
        (arches?.includes(work.arch) ?? true) &&
        deployment[work.target]?.tree?.derived?.images[work.arch] !== undefined,
    )
    .flatMap(({ target, arch, tier, priority }) => {
      const canBoot = deployment[target]?.tree?.derived?.boot?.[arch] !== undefined;
      return images.map((type) => ({
        recipe,
        target,
        arch,
        tier,
        from: tree,
        type,
        ...(priority && { priority }),
        ...(timeoutMinutes !== undefined && { timeoutMinutes }),
        ...(boot && canBoot && isBootable(type) && { boot }),
      }));
    });
}
