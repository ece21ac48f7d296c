import { z } from "zod";
import { Made } from "./made.ts";

/** What the recipes of a repository made last, for one target and arch, by their paths. */
export const Graph = z.readonly(z.strictObject({ v: z.literal(1), recipes: z.record(z.string(), Made) }));
export type Graph = z.infer<typeof Graph>;

const EMPTY: Graph = { v: 1, recipes: {} };

/** With what a trusted build made; news that is older than what is known changes nothing. */
export function withMade(graph: Graph | undefined, path: string, made: Made): Graph {
  const { recipes } = graph ?? EMPTY;
  const known = recipes[path];
  if (known && (known.from === made.from || known.at > made.at)) return graph ?? EMPTY;
  return { v: 1, recipes: { ...recipes, [path]: made } };
}

/** Which recipes need which. */
export interface Links {
  /** Every recipe, each behind what it needs; where recipes need each other in a circle, one of them goes first. */
  readonly order: readonly string[];
  readonly place: ReadonlyMap<string, number>;
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly neededBy: ReadonlyMap<string, readonly string[]>;
}

type Named = Pick<Made, "provides" | "requires" | "builds">;

/** Who needs whom, to be built or to be installed, by what they provide and require. */
export function linksOf(recipes: Readonly<Record<string, Named>>): Links {
  const names = Object.keys(recipes).toSorted();
  const providers = new Map<string, string[]>();
  for (const name of names)
    for (const provided of recipes[name]?.provides ?? []) push(providers, provided, name);
  const needs = new Map<string, readonly string[]>();
  const neededBy = new Map<string, string[]>();
  for (const name of names) {
    const wanted = [...(recipes[name]?.builds ?? []), ...(recipes[name]?.requires ?? [])];
    const found = new Set(wanted.flatMap((one) => providers.get(one) ?? []));
    found.delete(name);
    needs.set(name, [...found].toSorted());
    for (const one of found) push(neededBy, one, name);
  }
  const order = inOrder(names, needs);
  return { order, needs, neededBy, place: new Map(order.map((name, place) => [name, place])) };
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Depth first, needs before who needs them. No recursion: a distribution is deeper than a stack. */
function inOrder(names: readonly string[], needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const root of names) {
    const path = seen.has(root) ? [] : [{ name: root, next: 0 }];
    seen.add(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const need = needs.get(top.name)?.[top.next];
      top.next += 1;
      if (need === undefined) {
        order.push(top.name);
        path.pop();
      } else if (!seen.has(need)) {
        seen.add(need);
        path.push({ name: need, next: 0 });
      }
    }
  }
  return order;
}
