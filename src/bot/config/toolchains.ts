import { targetOf } from "../../pipelines/aliases.ts";
import { nearest } from "../../pipelines/nearest.ts";
import type { Targets } from "../../pipelines/plan.ts";
import { Arch } from "../../pipelines/run.ts";
import { newestTool } from "../../pipelines/toolchain.ts";
import { at, keyRange } from "./mistakes.ts";
import type { Rules } from "./schema.ts";
import { type Against, targetsMeant, usualTargets } from "./targets.ts";
import type { Mistake } from "./text.ts";
import type { Yaml } from "./yaml.ts";
import { targets as words } from "../words/targets.ts";

/** Toolchains that recipes ask for and one of their targets has not. */
export function toolchainMistakes(
  document: Yaml,
  rules: Rules,
  { known, aliases }: Against,
): readonly Mistake[] {
  const all = targetsMeant(rules.targets ?? usualTargets(known, aliases), aliases);
  return Object.entries(rules.recipes).flatMap(([recipe, rule]) => {
    const places = placesOf(all, {
      targets: rule.targets?.map((name) => targetOf(aliases, name)),
      arches: rule.arches,
    });
    return Object.entries(rule.toolchain ?? {}).flatMap(([name, range]) => {
      const wanted = { recipe, name, range };
      const [first] = places.flatMap((place) => missing(document, wanted, { place, known }) ?? []);
      return first ?? [];
    });
  });
}

interface Place {
  readonly target: string;
  readonly arch: Arch;
}

/** Where a recipe is built. */
const placesOf = (
  all: Targets,
  {
    targets,
    arches,
  }: { readonly targets: readonly string[] | undefined; readonly arches: readonly Arch[] | undefined },
): readonly Place[] =>
  Object.entries(all).flatMap(([target, tiers]) =>
    Arch.options
      .filter(
        (arch) => arch in tiers && (arches?.includes(arch) ?? true) && (targets?.includes(target) ?? true),
      )
      .map((arch) => ({ target, arch })),
  );

function missing(
  document: Yaml,
  { recipe, name, range }: { readonly recipe: string; readonly name: string; readonly range: string },
  { place: { target, arch }, known }: { readonly place: Place; readonly known: Against["known"] },
): Mistake | undefined {
  // Of a target that is not there at all is told where it stands.
  const of = Object.hasOwn(known.targets, target) ? known.targets[target] : undefined;
  if (!of || newestTool(of.toolchains, { name, range, arch })) return undefined;
  const toolchains = of.toolchains ?? {};
  const path = ["recipes", recipe, "toolchain"];
  const versions = Object.hasOwn(toolchains, name) ? toolchains[name] : undefined;
  if (versions) {
    const here = versions.filter(({ packages }) => packages[arch]).map(({ version }) => version);
    return at(document, [...path, name], {
      because: words.noVersion(`${target}-${arch}`, { name, range, here }),
    });
  }
  const names = Object.keys(toolchains);
  const suggestion = nearest(name, names);
  const because = `${[...path, name].join(".")}: ${words.noToolchain(target, names)}`;
  return { ...keyRange(document, path, name), because, ...(suggestion !== undefined && { suggestion }) };
}
