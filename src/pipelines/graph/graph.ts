import type { Names } from "./made.ts";

/** Which recipes need which. */
export interface Links {
  /** Every recipe, each behind what it needs; where recipes need each other in a circle, one of them goes first. */
  readonly order: readonly string[];
  readonly place: ReadonlyMap<string, number>;
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly neededBy: ReadonlyMap<string, readonly string[]>;
}

/** Who needs whom, to be built or to be installed, by what they provide and require. */
export function linksOf(recipes: Readonly<Record<string, Names>>): Links {
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
