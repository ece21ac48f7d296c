import type { Links } from "./graph.ts";

/** What is built again after a change: nothing, what needs what changed, or also what needs that in turn. */
export const REBUILDS = ["none", "direct", "transitive"] as const;
export type Mode = (typeof REBUILDS)[number];

/** How far the rebuilds after a change have come, by recipes. */
export interface Rebuilt {
  /** Built by the change itself. */
  readonly changed: readonly string[];
  /** Of those and of what was built again: whose output is another now. */
  readonly differing: ReadonlySet<string>;
  /** All that was built again, whatever came of it. */
  readonly done: ReadonlySet<string>;
}

/**
 * What is to be built in the next step: what needs something whose output is another now, but for what waits for
 * others of it. Empty: all is done. What did not change is not followed any further.
 */
export function rebuildsAfter(
  links: Links,
  { changed, differing, done }: Rebuilt,
  mode: Mode,
): readonly string[] {
  if (mode === "none") return [];
  const origins = new Set(changed);
  const from = mode === "direct" ? [...differing].filter((name) => origins.has(name)) : [...differing];
  const due = new Set(from.flatMap((name) => links.neededBy.get(name) ?? []));
  for (const name of [...changed, ...done]) due.delete(name);
  const behind = reachedFrom(links, due, (name, next) => isBefore(links, name, next));
  return inOrder(
    links,
    [...due].filter((name) => !behind.has(name)),
  );
}

/** All that could be built again after a change of these, were every output another. */
export function touchedBy(links: Links, changed: readonly string[], mode: Mode): readonly string[] {
  if (mode === "none") return [];
  const origins = new Set(changed);
  const reached =
    mode === "direct"
      ? new Set(changed.flatMap((name) => links.neededBy.get(name) ?? []))
      : reachedFrom(links, origins, () => true);
  return inOrder(
    links,
    [...reached].filter((name) => !origins.has(name)),
  );
}

/** How many seconds of building lie behind each recipe at least, were all that needs it built after it. */
export function behindOf(links: Links, seconds: (recipe: string) => number): ReadonlyMap<string, number> {
  const behind = new Map<string, number>();
  for (const name of links.order.toReversed()) {
    const after = (links.neededBy.get(name) ?? []).filter((next) => isBefore(links, name, next));
    const ways = after.map((next) => seconds(next) + (behind.get(next) ?? 0));
    behind.set(
      name,
      ways.reduce((a, b) => Math.max(a, b), 0),
    );
  }
  return behind;
}

const placeOf = ({ place }: Links, name: string): number => place.get(name) ?? 0;
/** Is the second built after the first? Where they need each other in a circle only one of them is. */
export const isBefore = (links: Links, name: string, next: string): boolean =>
  placeOf(links, name) < placeOf(links, next);

const inOrder = (links: Links, names: readonly string[]): readonly string[] =>
  names.toSorted((a, b) => placeOf(links, a) - placeOf(links, b));

/** What lies behind these, and not they themselves unless others of them lead there. */
function reachedFrom(
  { neededBy }: Links,
  from: ReadonlySet<string>,
  isWay: (name: string, next: string) => boolean,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const next of neededBy.get(name) ?? []) {
      if (reached.has(next) || !isWay(name, next)) continue;
      reached.add(next);
      open.push(next);
    }
  return reached;
}

/** What a recipe is built with beside its build root, as lines: what it needs, and what of it others can see. */
export const builtWith = (links: Links, name: string, outputOf: (recipe: string) => string): string =>
  (links.needs.get(name) ?? []).map((need) => `${need} ${outputOf(need)}`).join("\n");
