import { z } from "zod";
import type { Aliases } from "./aliases.ts";
import type { Followed } from "./laid.ts";

/** What a repository's aliases stood for when something was last laid out, and which run told that one had moved. */
export const AliasesSeen = z.readonly(
  z.strictObject({
    v: z.literal(1),
    seen: z.record(
      z.string(),
      z.strictObject({ target: z.string(), was: z.optional(z.string()), run: z.string() }),
    ),
  }),
);
export type AliasesSeen = z.infer<typeof AliasesSeen>;

export const aliasesKey = (repo: number): string => `aliases/${repo}.json`;

/** The record after a run was laid out that used these aliases: the very same where none of them is new or moved. */
export function seenWith(was: AliasesSeen | undefined, used: Aliases, run: string): AliasesSeen | undefined {
  const fresh = Object.entries(used).flatMap(([alias, target]) => {
    const known = was?.seen[alias];
    if (known?.target === target) return [];
    return [[alias, { target, ...(known && { was: known.target }), run }] as const];
  });
  return fresh.length === 0 ? was : { v: 1, seen: { ...was?.seen, ...Object.fromEntries(fresh) } };
}

/** What a run says of the aliases that it used: of one that moved, whoever was laid out first after that. */
export const followedBy = (seen: AliasesSeen | undefined, used: Aliases, run: string): readonly Followed[] =>
  Object.entries(used).map(([alias, target]) => {
    const known = seen?.seen[alias];
    const isNews = known?.run === run && known.target === target;
    return { alias, target, ...(isNews && known.was !== undefined && { was: known.was }) };
  });

/** Those of the names that are aliases, and what they stand for. */
export const usedAliases = (aliases: Aliases = {}, names: readonly string[]): Aliases =>
  Object.fromEntries(
    names.flatMap((name) => {
      const target = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
      return target === undefined ? [] : [[name, target] as const];
    }),
  );
