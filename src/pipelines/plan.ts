import { ownStages } from "./job-stages.ts";
import { PULL_POOL, pullChannel } from "./pull-channel.ts";
import type { Repo } from "./repo.ts";
import {
  Arch,
  type Job,
  type Recipe,
  type Run,
  runId,
  slug,
  type Tier,
  type Trigger,
  type Zone,
} from "./run.ts";
import { settled } from "./settled.ts";
import { type Updating, withUpdate } from "./service/update-made.ts";
import type { Stage } from "./stage.ts";

/** What one trigger asks for, decided but not yet laid out. */
export interface Wish {
  readonly repo: Repo;
  readonly trigger: Trigger;
  readonly zone: Zone;
  /** Where it is published to, if it may be: of a pull request only its own channel counts. */
  readonly channel?: string | undefined;
  readonly at: string;
  readonly leave: Run["leave"];
  readonly left: Run["left"];
  readonly aliases?: Run["aliases"];
  readonly work: readonly Work[];
  /** Services are run before. */
  readonly updating?: Updating | undefined;
}

/** One recipe for one target on one arch: a job before it has its stages. `expected`: seconds. */
export type Work = Pick<
  Job,
  | "recipe"
  | "target"
  | "arch"
  | "profile"
  | "type"
  | "manager"
  | "tree"
  | "from"
  | "tier"
  | "priority"
  | "expected"
  | "timeoutMinutes"
  | "emulation"
  | "notBefore"
  | "endsBy"
  | "image"
  | "tools"
  | "layers"
  | "boot"
  | "again"
  | "behind"
>;

/** Target name -> arch -> tier. */
export type Targets = Readonly<Record<string, Readonly<Partial<Record<Arch, Tier>>>>>;

/** Every recipe for every target on every arch. */
export function everything(recipes: readonly Recipe[], targets: Targets): readonly Work[] {
  return recipes.flatMap((recipe) =>
    Object.entries(targets).flatMap(([target, arches]) =>
      Object.entries(arches).map(([arch, tier]) => ({ recipe, target, arch: Arch.parse(arch), tier })),
    ),
  );
}

/** The name of a job, which is that of its check run too. */
export const jobName = ({ recipe, target, arch, profile, type }: Work): string =>
  [recipe.kind, recipe.name, `${target}-${arch}`, profile, type]
    .filter((part) => part !== undefined)
    .join(":");

/** Lays a wish out as a run: a source stage per recipe, a build per recipe x target x arch, one publish. */
export function plan(wish: Wish): Run {
  const { repo, trigger, zone, at, channel, leave, left } = wish;
  const { jobs, stages: laid } = layOut(wish.work, zone);
  const made = wish.updating ? withUpdate({ jobs, stages: laid, zone }, wish.updating) : laid;
  const publish = publishing(wish, jobs);
  const stages = settled([...made, ...publish]).map((stage) =>
    stage.state === "ready" ? { ...stage, readyAt: at } : stage,
  );
  const id = runId(repo, trigger);
  const asked = { v: 1, id, repo, trigger, zone, leave, left, at } as const;
  const followed = wish.aliases && wish.aliases.length > 0 ? { aliases: wish.aliases } : {};
  const birth = { ...asked, ...followed, jobs, stages, rev: 1, reported: 0 };
  return publish.length > 0 && channel ? { ...birth, channel } : birth;
}

/** The jobs of some work, and the first attempts of their stages in order of need. */
export function layOut(work: readonly Work[], zone: Zone): Pick<Run, "jobs" | "stages"> {
  const jobs = work.map(jobOf);
  const sources = [...new Set(jobs.map(({ source }) => source))].map((name) =>
    first({ kind: "source", name, pool: `source-${zone}`, needs: [] }),
  );
  // What is made of a tree comes after it: stages stand in order of need.
  const inOrder = [...jobs.filter(({ from }) => from === undefined), ...jobs.filter(isDerived)];
  const builds = inOrder.map((job) =>
    first({
      kind: "build",
      name: job.build,
      pool: `${isDerived(job) ? "derive" : POOLS[job.recipe.kind]}-${zone}-${job.arch}`,
      needs: [{ stage: treeBuildOf(job) ?? job.source, be: "passed" }],
    }),
  );
  const checks = jobs.flatMap(({ build, check, arch, recipe }) =>
    check === undefined
      ? []
      : [
          first({
            kind: "check",
            name: check,
            pool: `${recipe.kind === "tree" ? "upgrade" : "check"}-${zone}-${arch}`,
            needs: [{ stage: build, be: "passed" }],
          }),
        ],
  );
  return { jobs, stages: [...sources, ...builds, ...checks] };
}

/** Where builds of a kind wait: what needs more powers has builders of its own. */
const POOLS: Readonly<Record<Recipe["kind"], string>> = { rpm: "build", image: "image", tree: "tree" };

function jobOf(work: Work): Job {
  const { recipe, target, arch, profile, type, from } = work;
  const kinds = [profile, type].flatMap((part) => (part === undefined ? [] : [`/${slug(part)}`])).join("");
  const build = `build/${ownName(recipe)}/${slug(target)}/${arch}${kinds}`;
  const check = work.boot || recipe.kind === "tree" ? { check: build.replace("build/", "check/") } : {};
  // What is made of a tree has no sources but that one's.
  const source = `source/${ownName(from === undefined ? recipe : { kind: "tree", name: from })}`;
  return { ...work, name: jobName(work), source, build, ...check };
}

const isDerived = ({ from }: Pick<Work, "from">): boolean => from !== undefined;

/** The build stage of the tree that an image is made of. */
export const treeBuildOf = ({
  from,
  target,
  arch,
}: Pick<Work, "from" | "target" | "arch">): string | undefined =>
  from === undefined ? undefined : `build/${ownName({ kind: "tree", name: from })}/${slug(target)}/${arch}`;

/** A spec and an image may have one name; no slug holds a colon. */
const ownName = ({ kind, name }: Pick<Recipe, "kind" | "name">): string =>
  kind === "rpm" ? slug(name) : `${kind}:${slug(name)}`;

/** A pull request is never published with the release's key, whatever its zone. */
function publishing({ channel, zone, trigger }: Wish, jobs: readonly Job[]): Stage[] {
  if (!channel) return [];
  if (trigger.kind === "pull") return channel === pullChannel(trigger.number) ? [shown(channel, jobs)] : [];
  return zone === "trusted" ? publishes(channel, jobs, trigger.kind === "rebuild") : [];
}

/** A pull request's channel gets what was built when all of it is over; nothing waits for it. */
const shown = (channel: string, jobs: readonly Job[]): Stage =>
  first({
    kind: "publish",
    name: `channel/${slug(channel)}`,
    pool: PULL_POOL,
    needs: jobs.flatMap(ownStages).map((stage) => ({ stage, be: "over" })),
  });

/**
 * Publishing waits for what is required; what is advisory follows when it is over, as a backfill. What is only built again
 * is published as far as it passed: what fails has an older build in the channel.
 */
function publishes(channel: string, jobs: readonly Job[], isAgain: boolean): Stage[] {
  const required = jobs.filter(({ tier }) => tier === "required");
  const prompt = required.length > 0 ? required : jobs;
  const be = required.length > 0 && !isAgain ? ("passed" as const) : ("over" as const);
  const name = `publish/${slug(channel)}`;
  const publish = first({
    kind: "publish",
    name,
    pool: "publish",
    needs: prompt.flatMap(ownStages).map((stage) => ({ stage, be })),
  });
  const late = jobs
    .filter((job) => !prompt.includes(job))
    .flatMap(ownStages)
    .map((stage) => ({ stage, be: "over" as const }));
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
