import { at } from "./mistakes.ts";
import type { Rules } from "./schema.ts";
import type { Mistake } from "./text.ts";
import type { Yaml } from "./yaml.ts";
import { values } from "../words/config.ts";

/** How many groups an expression has; `undefined`: it is none. */
export type Groups = (pattern: string) => number | undefined;

const PATTERNS = ["include", "exclude", "versionMask"] as const;

/** Expressions of upstreams that cannot be read, and masks that say nowhere where the version is. */
export function expressionMistakes(
  document: Yaml,
  { recipes }: Rules,
  groupsOf: Groups | undefined,
): readonly Mistake[] {
  if (!groupsOf) return [];
  return Object.entries(recipes).flatMap(([recipe, { upstream = {} }]) =>
    PATTERNS.flatMap((key) => {
      const pattern = upstream[key];
      const groups = pattern === undefined ? 1 : groupsOf(pattern);
      const because =
        groups === undefined
          ? values.expression
          : key === "versionMask" && groups === 0
            ? values.noGroup
            : undefined;
      return because === undefined ? [] : [at(document, ["recipes", recipe, "upstream", key], { because })];
    }),
  );
}
