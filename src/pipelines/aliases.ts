import { z } from "zod";
import { compareVersions } from "./spec/rpm-version.ts";

/** What an alias stands for: a target by its name, or the newest of a family that is supported. */
export const AliasRule = z.union([z.string(), z.strictObject({ newest: z.string() })]);
type AliasRule = z.infer<typeof AliasRule>;

/** Names that stand for targets, as they do today: alias -> target. */
export type Aliases = Readonly<Record<string, string>>;

/** Which release of which distribution a target is: its family, its version, and the last day of its support. */
interface Dated {
  readonly family?: string | undefined;
  readonly version?: string | undefined;
  readonly supportUntil?: string | undefined;
}

export interface Declared {
  readonly targets: Readonly<Record<string, Dated>>;
  readonly defaults: readonly string[];
  readonly aliases?: Readonly<Record<string, AliasRule>> | undefined;
}

/** What the aliases of a deployment stand for on a day (ISO 8601 in UTC); those that stand for nothing are not there. */
export const aliasesOn = ({ targets, aliases = {} }: Declared, day: string): Aliases =>
  Object.fromEntries(
    Object.entries(aliases).flatMap(([alias, rule]) => {
      const target = typeof rule === "string" ? rule : newest(targets, rule.newest, day.slice(0, 10));
      return target === undefined ? [] : [[alias, target] as const];
    }),
  );

function newest(targets: Declared["targets"], family: string, day: string): string | undefined {
  const supported = Object.entries(targets).filter(
    ([, of]) => of.family === family && (of.supportUntil === undefined || of.supportUntil >= day),
  );
  const [first] = supported.toSorted(([, a], [, b]) => compareVersions(b.version ?? "", a.version ?? ""));
  return first?.[0];
}

/** The target that a name stands for. */
export const targetOf = (aliases: Aliases | undefined, name: string): string =>
  aliases !== undefined && Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;

/** What does not fit together about a deployment's targets and their aliases, each with its path. */
export function aliasMistakes(declared: Declared): readonly (readonly [readonly string[], string])[] {
  const { targets, defaults, aliases = {} } = declared;
  const families = new Set(Object.values(targets).map(({ family }) => family));
  const names = new Set([...Object.keys(targets), ...Object.keys(aliases)]);
  const wrong = Object.entries(aliases).flatMap(([alias, rule]): readonly string[] => {
    if (Object.hasOwn(targets, alias)) return [`${alias} is a target already`];
    if (typeof rule !== "string") return families.has(rule.newest) ? [] : [`no target is of ${rule.newest}`];
    return Object.hasOwn(targets, rule) ? [] : [`${rule} is no target`];
  });
  return [
    ...Object.entries(targets)
      .filter(([, { family, version }]) => (family === undefined) !== (version === undefined))
      .map(([name]) => [["targets", name], "has only one of family and version"] as const),
    ...wrong.map((because) => [["aliases"], because] as const),
    ...defaults
      .filter((name) => !names.has(name))
      .map((name) => [["defaults"], `${name} is neither target nor alias`] as const),
  ];
}
