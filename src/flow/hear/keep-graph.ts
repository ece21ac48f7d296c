import { type Links, linksOf } from "../../pipelines/graph/graph.ts";
import type { Made } from "../../pipelines/graph/made.ts";
import { type Brought, type News, partOf, releasedAt, withNews } from "../../pipelines/graph/record.ts";
import type { Run } from "../../pipelines/run.ts";
import type { AttemptRef, Stage } from "../../pipelines/stage.ts";
import { changeRecord } from "../change-record.ts";
import { type GraphPorts, recipesIn } from "../graphs.ts";
import { inTurns } from "../in-turns.ts";
import { type Listed, listDigest, listedBy, type ListPorts, readLists } from "./read-lists.ts";

/** What it takes to keep what was published. */
export type KeepPorts = GraphPorts & ListPorts;

/**
 * Keeps what the packages of a branch's channel provide and require, once they are published: what was built and did not
 * come to its channel is nothing that others depend on. Says whether something became another by it.
 */
export async function keepGraph(ports: KeepPorts, run: Run, { stage: name }: AttemptRef): Promise<boolean> {
  const stage = run.stages.find((one) => one.name === name);
  const { channel, trigger } = run;
  const isOfBranch = trigger.kind === "push" || trigger.kind === "nightly" || trigger.kind === "rebuild";
  if (stage?.kind !== "publish" || stage.state !== "passed" || channel === undefined || !isOfBranch)
    return false;
  const needed = new Set(stage.needs.map((need) => need.stage));
  const jobs = run.jobs.filter(({ build }) => needed.has(build));
  let hasTurned = false;
  for (const [prefix, listed] of listedBy(run, jobs, channel)) {
    const turned = await keepPlace(ports, { run, stage, channel }, { prefix, listed });
    hasTurned ||= turned;
  }
  return hasTurned;
}

interface Of {
  readonly run: Run;
  readonly stage: Stage;
  readonly channel: string;
}

/** All of one target and arch. */
interface Place {
  readonly prefix: string;
  readonly listed: readonly Listed[];
}

async function keepPlace(ports: KeepPorts, { run, stage, channel }: Of, place: Place): Promise<boolean> {
  const keys = (await ports.graphKeys.list(place.prefix)).map(({ key }) => key);
  const parts = await inTurns(keys, (key) => ports.graphs.read(key));
  const known = recipesIn(parts.flatMap((part) => part?.value ?? []));
  const brought = await broughtBy(ports, run, { known, listed: place.listed });
  const published = stage.endedAt ?? run.at;
  const news: Omit<News, "brought"> = {
    run: run.id,
    at: releasedAt(run),
    published,
    isFollowed: run.trigger.kind !== "rebuild" || run.trigger.reach === "transitive",
    isGone: goneFrom(run),
  };
  const own = Map.groupBy(Object.entries(brought), ([path]) => place.prefix + partOf(path));
  let hasTurned = false;
  // Also where all recipes of a part went away.
  for (const key of new Set([...keys, ...own.keys()])) {
    const told = { ...news, brought: Object.fromEntries(own.get(key) ?? []) };
    const now = await changeRecord(ports.graphs, key, (was) =>
      withNews(was, { repo: run.repo, channel }, told),
    );
    // Read off the record, so that the same news twice says the same.
    hasTurned ||= Object.values(now?.recipes ?? {}).some(({ turned }) => turned === published);
  }
  return hasTurned;
}

type Recipes = Readonly<Record<string, Made>>;

/** What is new; what is known already need not be read again, and most is. */
async function broughtBy(
  ports: KeepPorts,
  run: Run,
  { known, listed }: { readonly known: Recipes; readonly listed: readonly Listed[] },
): Promise<Readonly<Record<string, Brought>>> {
  const at = releasedAt(run);
  const recipes = [...Map.groupBy(listed, ({ job }) => job.recipe.path)];
  const read = await inTurns(recipes, async ([path, of]) => {
    const list = listDigest(ports, of);
    const isKnown = known[path]?.list === list || (known[path]?.at ?? "") > at;
    const made = isKnown ? undefined : await readLists(ports, of, { list, at });
    const [first] = of;
    return { path, began: first?.began ?? run.at, made, again: first?.job.again };
  });
  const fresh = read.flatMap(({ path, made }) => (made ? [[path, made] as const] : []));
  if (fresh.length === 0)
    return Object.fromEntries(read.map(({ path, again }) => [path, { again }] as const));
  const all = { ...known, ...Object.fromEntries(fresh) };
  const links = linksOf(all);
  return Object.fromEntries(
    read.map(({ path, began, made, again }) => [
      path,
      made ? { made: { ...made, with: turnsFor(known, links, { path, began }) }, again } : { again },
    ]),
  );
}

/** Which turns of what it needs had come to the channel when its build began. */
const turnsFor = (
  known: Recipes,
  links: Links,
  { path, began }: { readonly path: string; readonly began: string },
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (links.needs.get(path) ?? []).flatMap((need) => {
      const { turn = 0, turned = "" } = known[need] ?? {};
      const has = turned > began ? turn - 1 : turn;
      return has > 0 ? [[need, has]] : [];
    }),
  );

/** A branch as a whole tells which recipes it has no more; what it left for another reason it still has. */
function goneFrom(run: Run): News["isGone"] {
  if (run.trigger.kind === "rebuild") return () => false;
  const asked = new Set(run.jobs.map(({ recipe }) => recipe.path));
  const left = new Set(run.left.map(({ what }) => what));
  return (path, { name, at }) =>
    at < releasedAt(run) && !asked.has(path) && !left.has(name) && !left.has(path);
}
