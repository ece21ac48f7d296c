import type { Recipe } from "../run.ts";
import { linksOf } from "./graph.ts";
import type { Made } from "./made.ts";
import { touchedBy } from "./rebuilds.ts";
import type { Graph } from "./record.ts";
import type { Touches } from "./touched.ts";

/** A recipe of a repository, found through its graph. */
export interface Found {
  readonly repo: Graph["repo"];
  readonly path: string;
  readonly kind: Recipe["kind"];
  readonly name: string;
  readonly isDirect: boolean;
}

interface Node extends Pick<Found, "repo" | "path"> {
  readonly made: Made;
}

/** All that needs these recipes of a repository, or what needs them in turn, in dependency order. */
export function foundBehind(
  graphs: readonly Graph[],
  of: { readonly repo: number; readonly paths: ReadonlySet<string> },
): readonly Found[] {
  const nodes = new Map<string, Node>(
    graphs.flatMap(({ repo, channel, recipes }) =>
      Object.entries(recipes).map(
        ([path, made]) => [`${repo.id} ${channel} ${path}`, { repo, path, made }] as const,
      ),
    ),
  );
  const links = linksOf(Object.fromEntries([...nodes].map(([id, { made }]) => [id, made])));
  const isChanged = ({ repo, path }: Node): boolean => repo.id === of.repo && of.paths.has(path);
  const changed = [...nodes].flatMap(([id, one]) => (isChanged(one) ? [id] : []));
  const direct = new Set(touchedBy(links, changed, "direct"));
  return touchedBy(links, changed, "transitive").flatMap((id) => {
    const one = nodes.get(id);
    if (!one || isChanged(one)) return [];
    const { repo, path, made } = one;
    return [{ repo, path, kind: made.kind, name: made.name, isDirect: direct.has(id) }];
  });
}

/** A record is one object, and nobody reads more. */
const NAMED = 30;

/** Each recipe once, directly if it is so anywhere; nothing, where nothing depends on what is built. */
export function touchesOf(found: readonly Found[], own: number): Touches | undefined {
  const all = new Map<string, Found>();
  for (const one of found) {
    const key = `${one.repo.id} ${one.path}`;
    if (!all.has(key) || one.isDirect) all.set(key, one);
  }
  const told = (isDirect: boolean) =>
    [...all.values()]
      .filter((one) => one.isDirect === isDirect)
      .map(({ kind, name, repo }) => ({
        kind,
        name,
        ...(repo.id !== own && { repo: `${repo.owner}/${repo.name}` }),
      }));
  const [direct, behind] = [told(true), told(false)];
  if (direct.length === 0) return undefined;
  const [directs, behinds] = [direct.length, behind.length];
  return { direct: direct.slice(0, NAMED), directs, behind: behind.slice(0, NAMED), behinds };
}
