import type { Config } from "../../bot/config/config.ts";
import { rebuildsOf } from "../../bot/config/channels.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { Work } from "../../pipelines/plan.ts";
import { graphsFor, recipesIn, type ReadGraphs } from "../graphs.ts";
import { channelOf } from "../rules-of.ts";

interface Asked {
  readonly repo: RepoRef;
  readonly config: Config;
  readonly branch: string;
}

/**
 * With what the branch's channel has of each recipe: what was built again for it is taken as it is, where an older build of
 * the same sources would be found otherwise.
 */
export async function withKnownNeeds(
  ports: ReadGraphs,
  { repo, config, branch }: Asked,
  work: readonly Work[],
): Promise<readonly Work[]> {
  const channel = channelOf(config, repo, branch);
  if (channel === undefined || !rebuildsOf(config, channel)) return work;
  const places = [...Map.groupBy(work, ({ target, arch }) => `${target} ${arch}`).values()];
  const known = await Promise.all(
    places.map(async (all) => {
      const [first] = all;
      const graphs = first ? await graphsFor(ports, first, { own: repo.id, channel }) : [];
      const recipes = recipesIn(graphs);
      return all.map((one) => {
        const needs = recipes[one.recipe.path]?.needs;
        return needs === undefined ? one : { ...one, again: { needs } };
      });
    }),
  );
  const kept = new Map(places.flatMap((all, i) => all.map((one, j) => [one, known[i]?.[j] ?? one] as const)));
  return work.map((one) => kept.get(one) ?? one);
}
