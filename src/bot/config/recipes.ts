import type { Recipe } from "../../pipelines/run.ts";
import type { Config, ConfigProblem, RecipeRule } from "./config.ts";
import { derivedRecipes, isDerivedRule } from "../work/derived.ts";
import { fileOf, findAll, type Found, kindOf, longName, type Unbuilt, unbuiltKind } from "../work/recipes.ts";
import { nearest } from "../../pipelines/nearest.ts";
import { values } from "../words/config.ts";

/** A recipe and the rules for it; without a rule of the config's, the defaults. */
export interface RuledRecipe extends Omit<RecipeRule, "path" | "place"> {
  readonly recipe: Recipe;
}

export interface RuledRecipes {
  readonly recipes: readonly RuledRecipe[];
  readonly unbuilt: readonly Unbuilt[];
  /** What the config names and this commit has not; the recipes are those that are right. */
  readonly mistakes: readonly ConfigProblem[];
}

/** The recipes at a commit, named and ruled by the config. `images`: as in `findAll`. */
export function recipesOf(
  { recipes }: Pick<Config, "recipes">,
  paths: readonly string[],
  images?: ReadonlySet<string>,
): RuledRecipes {
  const found = findAll(paths, images);
  const files = new Set(paths);
  const byName = new Map(found.recipes.map((recipe) => [recipe.name, recipe.path]));
  const claims: Claim[] = [];
  const mistakes: ConfigProblem[] = [];
  const first = new Map<string, string>();
  for (const [name, rule] of Object.entries(recipes)) {
    if (isDerivedRule(rule)) continue;
    const path = rule.path ?? byName.get(name);
    const wrong = mistakeIn({ name, rule, path }, { found, files, first });
    if (wrong) mistakes.push(wrong);
    else if (path !== undefined) {
      claims.push({ name, rule, path });
      first.set(path, name);
    }
  }
  const settled = settle({ found, claims, mistakes });
  const derived = derivedRecipes(
    { recipes },
    settled.recipes.map(({ recipe }) => recipe),
  );
  return {
    ...settled,
    recipes: [...settled.recipes, ...derived.recipes],
    mistakes: [...settled.mistakes, ...derived.mistakes],
  };
}

interface Claim {
  readonly name: string;
  readonly rule: RecipeRule;
  readonly path: string;
}

interface Around {
  readonly found: Found;
  readonly files: ReadonlySet<string>;
  /** Who has a path already. */
  readonly first: ReadonlyMap<string, string>;
}

function mistakeIn(
  { name, rule, path }: Omit<Claim, "path"> & { readonly path: string | undefined },
  { found, files, first }: Around,
): ConfigProblem | undefined {
  const of = (because: string, suggestion?: string): ConfigProblem => ({
    ...rule.place,
    because: `recipes.${name}${rule.path === undefined ? "" : ".path"}: ${because}`,
    ...(suggestion !== undefined && { suggestion }),
  });
  if (path === undefined) {
    const names = found.recipes.map((recipe) => recipe.name);
    return of(values.nobodysName, nearest(name, names));
  }
  const other = first.get(path);
  if (other !== undefined) return of(values.samePath(other));
  if (!files.has(path)) {
    const moved = found.recipes.find((recipe) => fileOf(recipe.path) === fileOf(path));
    return of(values.noFile(path), moved?.path);
  }
  return isRecipe(path) ? undefined : of(values.noRecipe(path));
}

const isRecipe = (path: string): boolean => kindOf(path) !== undefined || unbuiltKind(path) !== undefined;

interface Settling {
  readonly found: Found;
  readonly claims: readonly Claim[];
  readonly mistakes: readonly ConfigProblem[];
}

/** Names given by the config win; who had the name goes by its path. */
function settle({ found, claims, mistakes }: Settling): RuledRecipes {
  const byName = new Map(claims.map((claim) => [claim.name, claim]));
  const paths = new Set(claims.map(({ path }) => path));
  const ruled = claims.flatMap(({ name, rule, path }) => {
    const kind = kindOf(path);
    return kind ? [withRule({ kind, name, path }, rule)] : [];
  });
  const clashes: ConfigProblem[] = [];
  const usual = found.recipes.flatMap((recipe): readonly RuledRecipe[] => {
    if (paths.has(recipe.path)) return [];
    const name = byName.has(recipe.name) ? longName(recipe.path) : recipe.name;
    const claim = byName.get(name);
    if (claim)
      clashes.push({ ...claim.rule.place, because: `recipes.${name}: ${values.sameName(recipe.path)}` });
    return claim ? [] : [{ ...DEFAULTS, recipe: { ...recipe, name } }];
  });
  const recipes = [...ruled, ...usual].toSorted((a, b) => (a.recipe.path < b.recipe.path ? -1 : 1));
  return { recipes, mistakes: [...mistakes, ...clashes], unbuilt: unbuiltOf(found, claims) };
}

const DEFAULTS = { skip: false, priority: "normal" } as const;

function withRule(recipe: Recipe, { path: _path, place: _place, ...rule }: RecipeRule): RuledRecipe {
  return { ...rule, recipe };
}

/** What is told to be skipped is not found. */
function unbuiltOf(found: Found, claims: readonly Claim[]): readonly Unbuilt[] {
  const asked = claims.flatMap(({ path, rule }): readonly (Unbuilt & { skip: boolean })[] => {
    const kind = unbuiltKind(path);
    return kind ? [{ kind, path, skip: rule.skip }] : [];
  });
  const named = new Set(asked.map(({ path }) => path));
  const rest = found.unbuilt.filter(({ path }) => !named.has(path));
  const wanted = asked.filter(({ skip }) => !skip).map(({ kind, path }) => ({ kind, path }));
  return [...wanted, ...rest];
}
