import { settled } from "./advance.ts";
import {
  Arch,
  type Job,
  type Recipe,
  type Repo,
  type Run,
  runId,
  slug,
  type Tier,
  type Trigger,
  type Zone,
} from "./run.ts";
import type { Stage } from "./stage.ts";

/** What one trigger asks for, decided but not yet laid out. */
export interface Wish {
  readonly repo: Repo;
  readonly trigger: Trigger;
  readonly zone: Zone;
  readonly channel?: string | undefined;
  readonly at: string;
  readonly recipes: readonly Recipe[];
  /** Target name -> arch -> tier. */
  readonly targets: Readonly<Record<string, Readonly<Partial<Record<Arch, Tier>>>>>;
}

/** Lays a wish out as a run: a source stage per recipe, a build per recipe x target x arch, one publish. */
export function plan(wish: Wish): Run {
  const { repo, trigger, zone, at, channel } = wish;
  const jobs = wish.recipes.flatMap((recipe) => jobsOf(recipe, wish));
  const sources = wish.recipes.map((recipe) =>
    first({ kind: "source", name: sourceName(recipe), pool: `source-${zone}`, needs: [] }),
  );
  const builds = jobs.map(({ build, source, arch }) =>
    first({
      kind: "build",
      name: build,
      pool: `build-${zone}-${arch}`,
      needs: [{ stage: source, be: "passed" }],
    }),
  );
  const publish = channel && zone === "trusted" ? publishes(channel, jobs) : [];
  const stages = settled([...sources, ...builds, ...publish]).map((stage) =>
    stage.state === "ready" ? { ...stage, readyAt: at } : stage,
  );
  const id = runId(repo, trigger);
  const birth = { v: 1, id, repo, trigger, zone, at, jobs, stages, rev: 1, reported: 0 } as const;
  return publish.length > 0 && channel ? { ...birth, channel } : birth;
}

function jobsOf(recipe: Recipe, { targets }: Wish): Job[] {
  return Object.entries(targets).flatMap(([target, arches]) =>
    Object.entries(arches).map(([key, tier]) => {
      const arch = Arch.parse(key);
      const name = `${recipe.kind}:${recipe.name}:${target}-${arch}`;
      const build = `build/${slug(recipe.name)}/${slug(target)}/${arch}`;
      return { name, recipe, target, arch, tier, source: sourceName(recipe), build };
    }),
  );
}

const sourceName = (recipe: Recipe): string => `source/${slug(recipe.name)}`;

/** Publishing waits for what is required; what is advisory follows when it is over, as a backfill. */
function publishes(channel: string, jobs: readonly Job[]): Stage[] {
  const required = jobs.filter(({ tier }) => tier === "required");
  const prompt = required.length > 0 ? required : jobs;
  const be = required.length > 0 ? ("passed" as const) : ("over" as const);
  const name = `publish/${slug(channel)}`;
  const publish = first({
    kind: "publish",
    name,
    pool: "publish",
    needs: prompt.map(({ build }) => ({ stage: build, be })),
  });
  const late = jobs
    .filter((job) => !prompt.includes(job))
    .map(({ build }) => ({ stage: build, be: "over" as const }));
  if (late.length === 0) return [publish];
  const needs = [{ stage: name, be: "passed" as const }, ...late];
  return [publish, first({ kind: "publish", name: `backfill/${slug(channel)}`, pool: "publish", needs })];
}

/** The first attempt of a stage. */
const first = (stage: Pick<Stage, "kind" | "name" | "pool" | "needs">): Stage => ({
  ...stage,
  state: "waiting",
  attempt: 1,
});
