import type { Config, RecipeRule } from "../../bot/config/config.ts";
import { recipesOf } from "../../bot/config/recipes.ts";
import type { RepoRef } from "../../bot/events.ts";
import { pathsOf, type RecipeFiles } from "../../bot/work/update.ts";
import type { Recipe } from "../../pipelines/run.ts";
import type { GitHub } from "../../ports-github.ts";

interface Ports {
  readonly github: Pick<GitHub, "branch" | "paths" | "file">;
}

/** A repository's default branch as it is now, and the packages that it has recipes of. */
export interface Main {
  readonly repo: RepoRef;
  readonly config: Config;
  readonly sha: string;
  readonly paths: readonly string[];
  readonly recipes: readonly (Pick<RecipeRule, "upstream"> & { readonly recipe: Recipe })[];
}

export async function readMain(
  { github }: Ports,
  { repo, config }: Pick<Main, "repo" | "config">,
): Promise<Main | undefined> {
  const head = await github.branch(repo, repo.defaultBranch);
  if (!head) return undefined;
  const paths = await github.paths(repo, head.sha);
  const recipes = recipesOf(config, paths).recipes.filter(
    ({ recipe, skip }) => recipe.kind === "rpm" && !skip,
  );
  return { repo, config, sha: head.sha, paths, recipes };
}

/** The files of a recipe that speak of its version. */
export async function readRecipe(
  { github }: Ports,
  { repo, sha, paths }: Pick<Main, "repo" | "sha" | "paths">,
  recipe: Recipe,
): Promise<RecipeFiles | undefined> {
  const { service, changes } = pathsOf(recipe);
  const read = (path: string) => (paths.includes(path) ? github.file(repo, path, sha) : undefined);
  const [spec, ...beside] = await Promise.all([read(recipe.path), read(service), read(changes)]);
  return spec === undefined ? undefined : { spec, service: beside[0], changes: beside[1] };
}
