import type { RepoRef } from "../../bot/events.ts";
import type { Touches } from "../../pipelines/graph/touched.ts";
import { type Found, foundBehind, touchesOf } from "../../pipelines/graph/touches.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Log } from "../../ports.ts";
import { graphsFor, type ReadGraphs } from "../graphs.ts";

interface Ports extends ReadGraphs {
  readonly github: Pick<GitHub, "isPublic">;
  readonly log: Log;
}

/** What a pull request is about to build, and the paths that its commit has. */
interface Asked {
  readonly repo: RepoRef;
  readonly work: readonly Work[];
  readonly paths: readonly string[];
}

/** What depends on what is built, of all repositories that are served: of others only what everybody may see. */
export async function lookBehind(ports: Ports, { repo, work, paths }: Asked): Promise<Touches | undefined> {
  const found: Found[] = [];
  for (const one of onePerTarget(work)) {
    const graphs = await graphsFor(ports, one, { own: repo.id });
    const changed = work.filter(({ target }) => target === one.target).map(({ recipe }) => recipe.path);
    found.push(...foundBehind(graphs, { repo: repo.id, paths: new Set(changed) }));
  }
  const there = new Set(paths);
  const shown = await shownOf(ports, repo, found);
  return touchesOf(
    found.filter((one) => (one.repo.id === repo.id ? there.has(one.path) : shown.has(one.repo.id))),
    repo.id,
  );
}

/** What needs what hardly differs between arches. */
function onePerTarget(work: readonly Work[]): readonly Work[] {
  const first = new Map<string, Work>();
  for (const one of work) {
    const known = first.get(one.target);
    if (!known || (known.tier === "advisory" && one.tier === "required")) first.set(one.target, one);
  }
  return [...first.values()];
}

/** So many other repositories are asked about. */
const ASKED_MAX = 30;

/** Repositories that may be named: a record may be older than the day on which one was hidden. */
async function shownOf(
  { github, log }: Ports,
  { id }: RepoRef,
  found: readonly Found[],
): Promise<ReadonlySet<number>> {
  const others = new Map(found.map(({ repo }) => [repo.id, repo]));
  const asked = [...others.values()].filter((one) => one.id !== id && !one.private).slice(0, ASKED_MAX);
  const shown = await Promise.all(
    asked.map(async (one) => {
      try {
        return (await github.isPublic(one)) ? [one.id] : [];
      } catch (error) {
        // It may have left us since: that is no trouble of this pull request.
        log("cannot be asked about", { repo: one.id, error: String(error) });
        return [];
      }
    }),
  );
  return new Set(shown.flat());
}
