import { targetOf } from "../../pipelines/aliases.ts";
import { at } from "./mistakes.ts";
import type { Rules } from "./schema.ts";
import { type Against, type Known, targetsMeant, usualTargets } from "./targets.ts";
import type { Mistake } from "./text.ts";
import type { Yaml } from "./yaml.ts";
import { derivedWords } from "../words/derived.ts";

type Rule = Rules["recipes"][string];

/** What recipes of images ask for that their trees are not built for, or that this deployment makes of none. */
export function derivedMistakes(document: Yaml, rules: Rules, read: Against): readonly Mistake[] {
  const { known } = read;
  return Object.entries(rules.recipes).flatMap(([name, rule]) => {
    const { tree, arches } = rule;
    if (tree === undefined) return [];
    const places = placesOf(rules, { rule, tree }, read);
    const built = new Set<string>(places.map(({ arch }) => arch));
    const strangers = (arches ?? []).flatMap((arch, i) =>
      built.has(arch)
        ? []
        : [
            at(document, ["recipes", name, "arches", String(i)], {
              because: derivedWords.noArch(tree, [...built]),
            }),
          ],
    );
    if (strangers.length > 0) return strangers;
    const wanted = places.filter(({ arch }) => arches?.some((one) => one === arch) ?? true);
    const [first] = wanted;
    if (!first || wanted.some(({ target, arch }) => makersOf(known, target).some((one) => one === arch)))
      return [];
    const path = ["recipes", name, ...(arches ? ["arches"] : ["tree"])];
    return [
      at(document, path, { because: derivedWords.noMaker(first.target, makersOf(known, first.target)) }),
    ];
  });
}

/** On which arches images are made of a target's trees. */
const makersOf = ({ targets }: Known, target: string): readonly string[] =>
  Object.keys(targets[target]?.tree?.derived?.images ?? {});

/** Where a tree is composed, of the targets that a rule leaves. */
function placesOf(
  rules: Rules,
  { rule, tree }: { readonly rule: Rule; readonly tree: string },
  { known, aliases }: Against,
): readonly { readonly target: string; readonly arch: string }[] {
  const targets = targetsMeant(rules.targets ?? usualTargets(known, aliases), aliases);
  const isOf = (wanted: Rule | undefined, target: string): boolean =>
    wanted?.targets?.some((name) => targetOf(aliases, name) === target) ?? true;
  const of = Object.hasOwn(rules.recipes, tree) ? rules.recipes[tree] : undefined;
  return Object.entries(targets)
    .filter(([target]) => isOf(rule, target) && isOf(of, target))
    .flatMap(([target, tiers]) =>
      Object.keys(tiers)
        .filter((arch) => of?.arches?.some((one) => one === arch) ?? true)
        .filter((arch) => Object.keys(known.targets[target]?.tree?.images ?? {}).includes(arch))
        .map((arch) => ({ target, arch })),
    );
}
