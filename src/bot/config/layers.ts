import { nearest } from "../../pipelines/nearest.ts";
import { layers as words } from "../words/layers.ts";

interface Layered {
  readonly over?: readonly string[] | undefined;
  readonly rebuild?: "none" | "direct" | "transitive" | undefined;
}
type Channels = Readonly<Record<string, Layered>>;

/** What is built again for a channel must see what became another: such a channel stands over itself at least. */
function overOf(channels: Channels, name: string): readonly string[] | undefined {
  if (!Object.hasOwn(channels, name)) return undefined;
  const { over, rebuild = "none" } = channels[name] ?? {};
  return over ?? (rebuild === "none" ? undefined : []);
}

/** The channels whose packages builds for a channel may require, the uppermost first; none where its rule says nothing. */
export function layersOf(channels: Channels, name: string): readonly string[] {
  if (overOf(channels, name) === undefined) return [];
  const found = new Set<string>();
  const visit = (one: string): void => {
    if (found.has(one)) return;
    found.add(one);
    for (const below of overOf(channels, one) ?? []) visit(below);
  };
  visit(name);
  return [...found];
}

interface Wrong {
  readonly path: readonly string[];
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** Layers that are no channels, or stand over themselves. */
export const layerMistakes = (channels: Channels): readonly Wrong[] =>
  Object.entries(channels).flatMap(([name, { over = [] }]) =>
    over.flatMap((below, i): readonly Wrong[] => {
      const path = [name, "over", String(i)];
      const others = Object.keys(channels).filter((one) => one !== name);
      if (below === name) return [{ path, message: words.itself }];
      if (!Object.hasOwn(channels, below))
        return [{ path, message: words.unknown(below, others), suggestion: nearest(below, others) }];
      return reaches(channels, below, name) ? [{ path, message: words.cycle(name) }] : [];
    }),
  );

/** Does one stand over the other, however far? */
function reaches(channels: Channels, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === to) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...(overOf(channels, one) ?? []));
  }
  return false;
}
