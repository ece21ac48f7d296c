import type { Deployment } from "../pipelines/deployment.ts";
import { at, keyRange } from "./config-mistakes.ts";
import type { Rules } from "./config-schema.ts";
import type { Mistake } from "./config-text.ts";
import type { Yaml } from "./config-yaml.ts";
import { nearest } from "../pipelines/nearest.ts";
import { values } from "./words/config.ts";

type Known = Pick<Deployment, "targets" | "defaults">;

/** What the rules ask for and this deployment has not, and what recipes ask for and the rules have not. */
export function targetMistakes(document: Yaml, rules: Rules, known: Known): readonly Mistake[] {
  const targets = Object.entries(rules.targets ?? {});
  return [
    ...targets.flatMap(([name, arches]) => unknownIn(document, { name, arches: Object.keys(arches) }, known)),
    ...recipeMistakes(document, rules, known),
  ];
}

interface Asked {
  readonly name: string;
  readonly arches: readonly string[];
}

function unknownIn(document: Yaml, { name, arches }: Asked, { targets }: Known): readonly Mistake[] {
  const all = Object.keys(targets);
  const has = Object.hasOwn(targets, name) ? Object.keys(targets[name]?.images ?? {}) : undefined;
  if (!has) {
    const meant = nearest(name, all);
    const because = `targets.${name}: ${values.noTarget(all)}`;
    const range = keyRange(document, ["targets"], name);
    return [{ ...range, because, ...(meant !== undefined && { suggestion: meant }) }];
  }
  return arches
    .filter((arch) => !has.includes(arch))
    .map((arch) => ({
      ...keyRange(document, ["targets", name], arch),
      because: `targets.${name}.${arch}: ${values.noArch(name, has)}`,
    }));
}

function recipeMistakes(document: Yaml, rules: Rules, known: Known): readonly Mistake[] {
  const targets = rules.targets ?? usualTargets(known);
  const names = Object.keys(targets);
  return Object.entries(rules.recipes).flatMap(([recipe, rule]) => {
    const wanted = rule.targets ?? names;
    const strangers = wanted.flatMap((name, i) => {
      const path = ["recipes", recipe, "targets", String(i)];
      return Object.hasOwn(targets, name)
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
export const usualTargets = ({ targets, defaults }: Known) =>
  Object.fromEntries(defaults.map((name) => [name, targets[name]?.arches ?? {}] as const));
