import { type Aliases, targetOf } from "../../pipelines/aliases.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { nearest } from "../../pipelines/nearest.ts";
import type { Targets } from "../../pipelines/plan.ts";
import { at, keyRange } from "./mistakes.ts";
import type { Rules } from "./schema.ts";
import type { Mistake } from "./text.ts";
import type { Yaml } from "./yaml.ts";
import { targets as words } from "../words/targets.ts";
import { values } from "../words/config.ts";

/** What of a deployment the rules are read against; `aliases` as they stand today. */
export type Known = Pick<Deployment, "targets" | "defaults"> & {
  /** All that are declared. */
  readonly aliases?: Deployment["aliases"];
};

/** A deployment, and what its aliases stand for today. */
export interface Against {
  readonly known: Known;
  readonly aliases: Aliases | undefined;
}

/** What the rules ask for and this deployment has not, and what recipes ask for and the rules have not. */
export function targetMistakes(
  document: Yaml,
  rules: Rules,
  { known, aliases }: Against,
): readonly Mistake[] {
  const targets = Object.entries(rules.targets ?? {});
  return [
    ...targets.flatMap(([name, arches]) =>
      unknownIn(document, { name, arches: Object.keys(arches), aliases }, known),
    ),
    ...recipeMistakes(document, rules, { known, aliases }),
  ];
}

interface Asked {
  readonly name: string;
  readonly arches: readonly string[];
  readonly aliases: Aliases | undefined;
}

function unknownIn(document: Yaml, { name, arches, aliases }: Asked, known: Known): readonly Mistake[] {
  const target = targetOf(aliases, name);
  const has = Object.hasOwn(known.targets, target)
    ? Object.keys(known.targets[target]?.images ?? {})
    : undefined;
  if (!has) return [unknownTarget(document, { name, aliases }, known)];
  return arches
    .filter((arch) => !has.includes(arch))
    .map((arch) => ({
      ...keyRange(document, ["targets", name], arch),
      because: `targets.${name}.${arch}: ${values.noArch(words.shown(name, target), has)}`,
    }));
}

function unknownTarget(document: Yaml, { name, aliases }: Omit<Asked, "arches">, known: Known): Mistake {
  const all = Object.keys(known.targets);
  const declared = Object.hasOwn(known.aliases ?? {}, name) ? known.aliases?.[name] : undefined;
  const meant = nearest(name, [...all, ...Object.keys(aliases ?? {})]);
  const because =
    typeof declared === "object" ? words.ended(declared.newest, all) : words.unknown(all, aliases ?? {});
  const range = keyRange(document, ["targets"], name);
  return {
    ...range,
    because: `targets.${name}: ${because}`,
    ...(meant !== undefined && { suggestion: meant }),
  };
}

function recipeMistakes(document: Yaml, rules: Rules, { known, aliases }: Against): readonly Mistake[] {
  const written = rules.targets ?? usualTargets(known, aliases);
  const targets = targetsMeant(written, aliases);
  const names = [...new Set([...Object.keys(written), ...Object.keys(targets)])];
  return Object.entries(rules.recipes).flatMap(([recipe, rule]) => {
    const wanted = (rule.targets ?? Object.keys(targets)).map((name) => targetOf(aliases, name));
    const strangers = (rule.targets ?? []).flatMap((name, i) => {
      const path = ["recipes", recipe, "targets", String(i)];
      return Object.hasOwn(targets, targetOf(aliases, name))
        ? []
        : [at(document, path, { because: values.unasked(names), suggestion: nearest(name, names) })];
    });
    const arches = new Set(wanted.flatMap((name) => Object.keys(targets[name] ?? {})));
    const isAnyLeft = !rule.arches || rule.arches.some((arch) => arches.has(arch));
    if (strangers.length > 0 || isAnyLeft) return strangers;
    return [at(document, ["recipes", recipe, "arches"], { because: values.nothingLeft })];
  });
}

/** What repositories get that name no target. */
export const usualTargets = ({ targets, defaults }: Known, aliases?: Aliases): Targets =>
  Object.fromEntries(defaults.map((name) => [name, targets[targetOf(aliases, name)]?.arches ?? {}] as const));

/** The targets that are meant: an alias gives its arches to the target it stands for, whose own have the last word. */
export function targetsMeant(written: Targets, aliases: Aliases | undefined): Targets {
  const meant: Record<string, Targets[string]> = {};
  for (const [name, arches] of Object.entries(written)) {
    const target = targetOf(aliases, name);
    const known = meant[target];
    meant[target] = name === target ? { ...known, ...arches } : { ...arches, ...known };
  }
  return meant;
}
