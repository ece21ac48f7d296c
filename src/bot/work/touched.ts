import type { RuledRecipe } from "../config/recipes.ts";
import { folderOf } from "./recipes.ts";

/** Why a recipe is not built: the config says so, or nothing changed of what concerns it (`paths`). */
export interface Untouched {
  readonly recipe: RuledRecipe["recipe"];
  readonly because:
    | { readonly rule: "skip" }
    | { readonly rule: "untouched"; readonly paths: readonly string[] };
}

export interface Touched {
  readonly recipes: readonly RuledRecipe[];
  readonly skipped: readonly Untouched[];
}

/**
 * Which recipes a pull request touches. `changed` has both names of a renamed file, and is `too-many` where GitHub does
 * not tell them all (it names 3000 files at most): then all are touched.
 */
export function touched(recipes: readonly RuledRecipe[], changed: readonly string[] | "too-many"): Touched {
  const wanted = recipes.filter(({ skip }) => !skip);
  const reached = changed === "too-many" ? new Set(wanted) : withDerived(recipes, changed);
  const skipped = recipes.flatMap((ruled): readonly Untouched[] => {
    if (ruled.skip) return [{ recipe: ruled.recipe, because: { rule: "skip" } }];
    if (reached.has(ruled)) return [];
    return [{ recipe: ruled.recipe, because: { rule: "untouched", paths: concernsOf(ruled) } }];
  });
  return { recipes: wanted.filter((ruled) => reached.has(ruled)), skipped };
}

/** What concerns a recipe, as its rule says, or its folder. */
const concernsOf = ({ recipe, paths }: RuledRecipe): readonly string[] =>
  paths ?? [folderOf(recipe.path) === "" ? "." : `${folderOf(recipe.path)}/`];

/** Images that are made of a tree follow it. */
function withDerived(recipes: readonly RuledRecipe[], changed: readonly string[]): ReadonlySet<RuledRecipe> {
  const reached = reachedBy(
    recipes.filter(({ tree }) => tree === undefined),
    changed,
  );
  const trees = new Set([...reached].map(({ recipe }) => recipe.name));
  return new Set([...reached, ...recipes.filter(({ tree }) => tree !== undefined && trees.has(tree))]);
}

function reachedBy(recipes: readonly RuledRecipe[], changed: readonly string[]): ReadonlySet<RuledRecipe> {
  const own = new Map(recipes.map((ruled) => [ruled.recipe.path, ruled]));
  const homes = Map.groupBy(recipes, ({ recipe }) => folderOf(recipe.path));
  const named = Map.groupBy(
    recipes.flatMap((ruled) => (ruled.paths ?? []).map((path) => ({ ruled, path: trimmed(path) }))),
    ({ path }) => path,
  );
  const reached = new Set<RuledRecipe>();
  for (const file of changed) {
    for (const part of [file, ...foldersOf(file), "."])
      for (const { ruled } of named.get(part) ?? []) reached.add(ruled);
    for (const ruled of atHome(file, { own, homes })) if (!ruled.paths) reached.add(ruled);
  }
  return reached;
}

interface Homes {
  readonly own: ReadonlyMap<string, RuledRecipe>;
  readonly homes: ReadonlyMap<string, readonly RuledRecipe[]>;
}

/** Whose file it is: a spec is its recipe's alone; else those of the nearest folder that has recipes, the root's only right there. */
function atHome(file: string, { own, homes }: Homes): readonly RuledRecipe[] {
  const one = own.get(file);
  if (one) return [one];
  const folders = foldersOf(file);
  const home = folders.length === 0 ? "" : folders.find((folder) => homes.has(folder));
  if (home !== undefined) return homes.get(home) ?? [];
  // The root of an image's files, beside its description.
  const isOverlay = folders.at(-1) === "root";
  return isOverlay ? (homes.get("") ?? []).filter(({ recipe }) => recipe.kind === "image") : [];
}

/** The folders of a file, the deepest first; not the root. */
function foldersOf(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); folder !== ""; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

const trimmed = (path: string): string => (path.endsWith("/") ? path.slice(0, -1) : path);
