import { channelsOf, rebuildsOf } from "../../bot/config/channels.ts";
import type { Config } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import { targetsOf } from "../../bot/work/targets.ts";
import { whyRebuilt as words } from "../../bot/words/rebuilds.ts";
import { chainKey } from "../../pipelines/graph/chain.ts";
import { dueIn } from "../../pipelines/graph/due.ts";
import { everything } from "../../pipelines/plan.ts";
import { type Job, type Recipe, type Run, runKey } from "../../pipelines/run.ts";
import type { RebuildPorts } from "../decide/rebuild.ts";
import { graphsFor, type ReadGraphs, recipesIn } from "../graphs.ts";
import { inTurns } from "../in-turns.ts";

type WhyPorts = ReadGraphs & Pick<RebuildPorts, "chains" | "runs" | "deployment">;

interface Asked {
  readonly repo: RepoRef;
  readonly config: Config;
  /** `<channel>/<recipe>`, as somebody typed it. */
  readonly word: string;
}

/** Why a recipe of a channel was built again, or was not; nothing, where the word names no channel. */
export async function whyRebuilt(
  ports: WhyPorts,
  { repo, config, word }: Asked,
): Promise<string | undefined> {
  const channel = Object.keys(channelsOf(config, repo))
    .filter((name) => word.startsWith(`${name}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (channel === undefined) return undefined;
  const recipe = word.slice(channel.length + 1);
  if (!rebuildsOf(config, channel)) return words.off({ recipe, channel });
  const chain = (await ports.chains.read(chainKey(repo.id, channel)))?.value;
  const steps = await inTurns(chain?.runs ?? [], (id) => ports.runs.read(runKey(id)));
  const asked = steps.flatMap((one) => one?.value ?? []).toReversed();
  const lines = await Promise.all(
    placesOf(config, ports).map(async (place) => {
      const known = recipesIn(await graphsFor(ports, place, { own: repo.id, channel }));
      const found = Object.entries(known).find(([path, made]) => path === recipe || made.name === recipe);
      if (!found) return [];
      const [path, made] = found;
      const shown = `${place.target}-${place.arch}`;
      return [words.last(shown, made), nextOf({ path, place, known, asked }, { shown, begun: chain?.begun })];
    }),
  );
  const told = lines.flat();
  return told.length === 0 ? words.unknown({ recipe, channel }) : told.join("\n");
}

type Place = Pick<Job, "target" | "arch">;

interface Found {
  readonly path: string;
  readonly place: Place;
  readonly known: ReturnType<typeof recipesIn>;
  /** The steps, the newest first. */
  readonly asked: readonly Run[];
}

/** Is it to be built again, was somebody asked to, or is there no need? */
function nextOf(
  { path, place, known, asked }: Found,
  { shown, begun = "9" }: { readonly shown: string; readonly begun: string | undefined },
): string {
  const due = dueIn(known, new Map(), begun).find((one) => one.path === path);
  if (!due) return words.rest(shown);
  const step = asked.find(({ jobs }) =>
    jobs.some(
      ({ recipe, target, arch }) => recipe.path === path && target === place.target && arch === place.arch,
    ),
  );
  const after = Object.keys(due.after);
  return step ? words.asked(shown, step.id, after) : words.due(shown, after);
}

const ANY: Recipe = { kind: "rpm", name: "", path: "" };

/** All targets and arches that the rules ask for. */
function placesOf(config: Config, { deployment }: WhyPorts): readonly Place[] {
  const wanted = targetsOf(config, deployment);
  return "refusal" in wanted ? [] : everything([ANY], wanted.targets);
}
