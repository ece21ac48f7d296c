import { linksOf } from "./graph.ts";
import type { Made } from "./made.ts";
import { builtWith, rebuildsAfter } from "./rebuilds.ts";

type Recipes = Readonly<Record<string, Made>>;
type Turns = Readonly<Record<string, number>>;

/** What was asked for of a recipe already, and is not known to have come to the channel. */
export interface Asked {
  /** The turns that it is built with. */
  readonly after: Turns;
  /** It is waited for still. */
  readonly isOpen: boolean;
  /** It belongs to the push that is followed now: nothing is built twice after one push, whoever needs whom. */
  readonly isOfThis: boolean;
}

/** A recipe that is to be built again, what for, and with what, as lines. */
export interface Due {
  readonly path: string;
  readonly after: Turns;
  readonly builtWith: string;
}

/**
 * What of a channel is to be built again next, for one target and arch: what was built with something that has become
 * another since. What is behind others of them waits for those.
 */
export function dueIn(
  recipes: Recipes,
  asked: ReadonlyMap<string, readonly Asked[]>,
  begun: string,
): readonly Due[] {
  const links = linksOf(recipes);
  const stale = new Map(
    links.order.flatMap((path) => {
      const after = staleFor(recipes, links.needs.get(path) ?? [], {
        path,
        asked: asked.get(path) ?? [],
        begun,
      });
      return after ? [[path, after] as const] : [];
    }),
  );
  const open = [...asked].flatMap(([path, all]) => (all.some(({ isOpen }) => isOpen) ? [path] : []));
  const wanted = new Set([...stale.keys(), ...open]);
  const differing = new Set([...wanted].flatMap((path) => links.needs.get(path) ?? []));
  const done = new Set(
    [...differing].flatMap((path) => links.neededBy.get(path) ?? []).filter((path) => !wanted.has(path)),
  );
  return rebuildsAfter(links, { changed: [], differing, done }, "transitive").flatMap((path) => {
    const after = stale.get(path);
    const lines = builtWith(links, path, (need) => recipes[need]?.output ?? "");
    return after ? [{ path, after, builtWith: lines }] : [];
  });
}

/** Which of its needs are another than it was built with, or asked for with; nothing, if none is. */
function staleFor(
  recipes: Recipes,
  needs: readonly string[],
  { path, asked, begun }: { readonly path: string; readonly asked: readonly Asked[]; readonly begun: string },
): Turns | undefined {
  if (asked.some(({ isOfThis }) => isOfThis)) return undefined;
  const known = [recipes[path]?.with ?? {}, ...asked.map(({ after }) => after)];
  const newer = needs.flatMap((need) => {
    const { turn = 0, turned = "" } = recipes[need] ?? {};
    const has = Math.max(...known.map((turns) => turns[need] ?? 0));
    return turn > has && turned >= begun ? [[need, turn] as const] : [];
  });
  return newer.length === 0 ? undefined : Object.fromEntries(newer);
}
