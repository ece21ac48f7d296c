import type { Command } from "../../bot/commands/table.ts";
import type { Config } from "../../bot/config/config.ts";
import type { BotEvent, RepoRef } from "../../bot/events.ts";
import { updateWords } from "../../bot/words/update.ts";
import { type Main, readMain, readRecipe } from "../decide/find-recipe.ts";
import type { Outcome } from "../decide/ports.ts";
import { lookUpstream, placeOf, shownPlace } from "../tend/look-upstream.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { type UpdatePorts, updateRecipe } from "./update-recipe.ts";
import { ledger } from "../../bot/words/ledger.ts";

type Ruled = Main["recipes"][number];

/** Does the config let us write updates of this recipe? */
export const isUpdated = (config: Config, { upstream }: Pick<Ruled, "upstream">): boolean =>
  config.updates ?? upstream !== undefined;

/** `/update [recipe] [version]`: the newest release of the upstream, or the version that is named. */
export async function askUpdate(
  ports: UpdatePorts,
  { repo, config }: { readonly repo: RepoRef; readonly config: Config },
  { words }: Extract<Command, { name: "update" }>,
): Promise<string> {
  const main = await readMain(ports, { repo, config });
  if (!main) return updateWords.noMain;
  const meant = whichOf(main, words);
  if (typeof meant === "string") return meant;
  const { ruled, version } = meant;
  const { recipe } = ruled;
  if (!isUpdated(config, ruled)) return updateWords.off(recipe.name);
  if (version !== undefined) return updateRecipe(ports, { main, recipe, version, isNamed: true });
  return toNewest(ports, main, ruled);
}

/** The first word is a recipe's name if there is such a recipe; of one alone the name may be left out. */
export function whichOf(
  { recipes }: Pick<Main, "recipes">,
  [first, second]: readonly string[],
): { readonly ruled: Ruled; readonly version: string | undefined } | string {
  const named = recipes.find(({ recipe }) => recipe.name === first);
  if (named) return { ruled: named, version: second };
  if (first !== undefined && second !== undefined) return updateWords.noRecipe(first);
  const [only, ...others] = recipes;
  if (!only || others.length > 0) return updateWords.which(recipes.map(({ recipe }) => recipe.name));
  return { ruled: only, version: first };
}

async function toNewest(ports: UpdatePorts, main: Main, { recipe, upstream: rule }: Ruled): Promise<string> {
  const files = await readRecipe(ports, main, recipe);
  if (!files) return updateWords.gone(recipe.path);
  const upstream = placeOf({ rule, files });
  if (!upstream) return updateWords.noUpstream(recipe.name);
  const watched = { repo: main.repo, recipe, rule, files };
  const looked = await lookUpstream(ports, watched, { upstream }).catch(String);
  if (typeof looked === "string") return updateWords.unasked(recipe.name, looked);
  if (looked.kind !== "found")
    return looked.kind === "wrong" ? looked.because : updateWords.noRelease(recipe.name);
  if (!looked.found) return updateWords.noRelease(recipe.name);
  const { version, tag } = looked.found;
  return updateRecipe(ports, { main, recipe, version, place: shownPlace(upstream, tag) });
}

/** The watch found a release: what the rules are is asked once more. */
export async function hearRelease(
  ports: UpdatePorts,
  { repo, recipe: name, version, place }: Extract<BotEvent, { kind: "upstream-released" }>,
): Promise<Outcome> {
  const config = await rulesOf(ports, repo);
  if (!isConfig(config)) return { because: ledger.rulesBroken };
  const main = await readMain(ports, { repo, config });
  const ruled = main?.recipes.find(({ recipe }) => recipe.name === name);
  if (!main || !ruled) return { because: updateWords.noRecipe(name) };
  if (!isUpdated(config, ruled)) return { because: updateWords.off(name) };
  return { because: await updateRecipe(ports, { main, recipe: ruled.recipe, version, place }) };
}
