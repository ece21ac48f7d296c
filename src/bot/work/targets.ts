import { targetOf } from "../../pipelines/aliases.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Targets, Work } from "../../pipelines/plan.ts";
import { newestTool, type Toolchains } from "../../pipelines/toolchain.ts";
import { Arch } from "../../pipelines/run.ts";
import { CONFIG_PATH, type Config } from "../config/config.ts";
import type { RuledRecipe } from "../config/recipes.ts";
import { derivedWork } from "./derived.ts";
import { type Images, imagesOf } from "./images.ts";
import { targetsMeant, usualTargets } from "../config/targets.ts";
import { treesOf } from "./trees.ts";
import { type Notice, notices } from "../words/notices.ts";

/** What the repository wants built; rules are only read when this deployment has roots for all that they name. */
export function targetsOf(
  { targets, aliases }: Pick<Config, "targets" | "aliases">,
  deployment: Deployment,
): { readonly targets: Targets } | { readonly refusal: Notice } {
  if (!targets) return { targets: targetsMeant(usualTargets(deployment, aliases), aliases) };
  const isEmpty = Object.values(targets).every((arches) => Object.keys(arches).length === 0);
  return isEmpty ? { refusal: notices.noTargets(CONFIG_PATH) } : { targets: targetsMeant(targets, aliases) };
}

export interface Wanted {
  readonly config: Pick<Config, "timeouts" | "aliases">;
  readonly recipes: readonly RuledRecipe[];
  readonly targets: Targets;
  readonly images: Images;
}

/** What is to be built: each recipe for those of the targets and arches that its rule leaves; the urgent first. */
export function workOf({ config, recipes, targets, images }: Wanted): readonly Work[] {
  const isFor = ({ targets: only }: RuledRecipe, target: string): boolean =>
    only?.some((name) => targetOf(config.aliases, name) === target) ?? true;
  const wanted = recipes.filter(({ skip }) => !skip).toSorted((a, b) => RANK[a.priority] - RANK[b.priority]);
  const work = wanted
    .filter(({ tree }) => tree === undefined)
    .flatMap((ruled) =>
      Object.entries(targets)
        .filter(([target]) => isFor(ruled, target))
        .flatMap(([target, arches]) => workFor(ruled, { target, arches, timeouts: config.timeouts, images })),
    );
  const derived = wanted.filter(({ tree }) => tree !== undefined);
  return [
    ...work,
    ...derived.flatMap((ruled) =>
      derivedWork(
        ruled,
        work.filter(({ target }) => isFor(ruled, target)),
        images.targets,
      ),
    ),
  ];
}

/** The toolchains that a package asks for, where its target has them. */
function toolsFor(
  { recipe, toolchain = {} }: RuledRecipe,
  toolchains: Toolchains | undefined,
  arch: Arch,
): Pick<Work, "tools"> {
  if (recipe.kind !== "rpm") return {};
  const tools = Object.entries(toolchain).flatMap(
    ([name, range]) => newestTool(toolchains, { name, range, arch }) ?? [],
  );
  return tools.length === 0 ? {} : { tools };
}

const RANK = { high: 0, normal: 1, low: 2 } as const;

interface TargetWanted {
  readonly target: string;
  readonly arches: Targets[string];
  readonly timeouts: Config["timeouts"];
  readonly images: Images;
}

function workFor(ruled: RuledRecipe, { target, arches, timeouts, images }: TargetWanted): readonly Work[] {
  return Arch.options.flatMap((arch): readonly Work[] => {
    const tier = arches[arch];
    if (tier === undefined || !(ruled.arches?.includes(arch) ?? true)) return [];
    const timeoutMinutes = ruled.timeoutMinutes ?? timeouts[arch];
    const priority = ruled.priority === "normal" ? {} : { priority: ruled.priority };
    const limit = timeoutMinutes === undefined ? {} : { timeoutMinutes };
    const plain = ruled.emulation === "plain" ? { emulation: ruled.emulation } : {};
    const tools = toolsFor(ruled, images.targets[target]?.toolchains, arch);
    const work = { recipe: ruled.recipe, target, arch, tier, ...priority, ...limit, ...plain, ...tools };
    if (ruled.recipe.kind === "tree") return treesOf(images, work);
    return ruled.recipe.kind === "image" ? imagesOf(ruled, images, work) : [work];
  });
}
