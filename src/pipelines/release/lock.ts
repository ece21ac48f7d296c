import { z } from "zod";
import { isPackageList } from "../kiwi/image-packages.ts";
import { commitOf } from "../manifest/tree.ts";
import { BUNDLE, SPEC } from "../manifest/manifest.ts";
import { REPOSITORIES, ROOT } from "./papers.ts";
import type { Inputs, Release } from "./release.ts";
import { Layer } from "../layer.ts";
import { type Job, Recipe, type Run, slug } from "../run.ts";
import { isOver, Source, type Stage } from "../stage.ts";
import { Tool } from "../toolchain.ts";

/** What one recipe's sources were. Digests are SHA-256 in hex. */
const Locked = z.readonly(
  z.strictObject({
    recipe: Recipe,
    /** Of the bundle that is handed to its builds. */
    bundle: z.string(),
    /** Of the spec within it, as it stands in the repository. */
    spec: z.optional(z.string()),
    /** Its other files; the first hundred. */
    sources: z.readonly(z.array(Source)),
    /** Of the program that fetched and packed them. */
    tool: z.optional(z.string()),
  }),
);

/** What one build was made in. Digests are SHA-256 in hex. */
const LockedJob = z.readonly(
  z.strictObject({
    name: z.string(),
    recipe: z.string(),
    target: z.string(),
    arch: z.string(),
    /** The build root as CodeBuild was told it: a container image, with its digest where the deployment names one. */
    image: z.optional(z.string()),
    /** Of `build-root.tsv`: the root's packages, each with the digest of its header. */
    root: z.optional(z.string()),
    /** Of `repositories.tsv`: the snapshots that packages could be installed from, by the digest of their index. */
    repositories: z.optional(z.string()),
    /** Of the script that built it. */
    script: z.optional(z.string()),
    /** Of an image: of the list of its packages. */
    packages: z.optional(z.string()),
    /** Of a tree: its commit. */
    commit: z.optional(z.string()),
    /** What was put into the root besides, each package by its digest. */
    tools: z.optional(z.readonly(z.array(Tool))),
    /** The channels below, whose packages it could require, each by its snapshot. */
    layers: z.optional(z.readonly(z.array(Layer))),
  }),
);

/** All that went into a release: whoever has the same builds the same. */
export const Lock = z.readonly(
  z.strictObject({
    v: z.literal(1),
    repo: z.readonly(z.strictObject({ id: z.int(), owner: z.string(), name: z.string() })),
    channel: z.string(),
    number: z.string(),
    branch: z.string(),
    sha: z.string(),
    recipes: z.readonly(z.array(Locked)),
    /** The builds that passed. */
    jobs: z.readonly(z.array(LockedJob)),
  }),
);
export type Lock = z.infer<typeof Lock>;

export const lockKey = ({ repo, channel, number }: Lock): string =>
  `locks/${repo.id}/${slug(channel)}/${number}.json`;

/** What went into a release, as far as its run's record knows it by now; `undefined` for what is no release. */
export function lockOf({ repo, trigger, jobs, stages }: Run): Lock | undefined {
  if (trigger.kind !== "nightly" && trigger.kind !== "promotion") return undefined;
  const { id, owner, name } = repo;
  const { channel, number, branch, sha } = trigger;
  const of = new Map(stages.filter(({ state }) => state === "passed").map((stage) => [stage.name, stage]));
  const recipes = new Map(
    jobs.filter(({ from }) => from === undefined).map(({ source, recipe }) => [source, recipe]),
  );
  return {
    v: 1,
    repo: { id, owner, name },
    channel,
    number,
    branch,
    sha,
    recipes: [...recipes].flatMap(([source, recipe]) => lockedSource(recipe, of.get(source)) ?? []),
    jobs: jobs.flatMap((job) => lockedJob(job, of.get(job.build)) ?? []),
  };
}

/** What a promotion of a release is made of: the same commit and jobs, each on the build root that it was tested on. */
export function lockedInputs({ inputs }: Release, tested: Run | undefined): Inputs {
  const images = new Map(
    (tested?.jobs ?? []).map(({ recipe, target, arch, build }) => [
      inputOf({ recipe, target, arch }),
      tested?.stages.find(({ name }) => name === build)?.image,
    ]),
  );
  return {
    sha: inputs.sha,
    jobs: inputs.jobs.map(({ image: planned, ...job }) => {
      const image = images.get(inputOf(job)) ?? planned;
      return { ...job, ...(image !== undefined && { image }) };
    }),
  };
}

const inputOf = ({ recipe, target, arch }: Pick<Job, "recipe" | "target" | "arch">): string =>
  JSON.stringify([recipe.path, target, arch]);

/** Is all known that a lock can ever say of it? */
export const isAllKnown = ({ stages }: Pick<Run, "stages">): boolean =>
  stages.every((stage) => stage.kind === "publish" || isOver(stage));

function lockedSource(recipe: Recipe, stage: Stage | undefined): Lock["recipes"][number] | undefined {
  const bundle = digestOf(stage, BUNDLE);
  const spec = digestOf(stage, SPEC);
  const tool = stage?.facts?.["tool"];
  if (!stage || bundle === undefined) return undefined;
  const known = { ...(spec !== undefined && { spec }), ...(tool !== undefined && { tool }) };
  return { recipe, bundle, ...known, sources: stage.sources ?? [] };
}

function lockedJob(job: Job, stage: Stage | undefined): Lock["jobs"][number] | undefined {
  if (!stage) return undefined;
  const { name, recipe, target, arch } = job;
  const { image, facts } = stage;
  const script = facts?.["script"];
  const packages = stage.files?.find((file) => isPackageList(file.name))?.sha256;
  const commit = recipe.kind === "tree" ? commitOf(stage) : undefined;
  return {
    name,
    recipe: recipe.path,
    target,
    arch,
    ...(image !== undefined && { image }),
    ...rootPapers(stage),
    ...(script !== undefined && { script }),
    ...(packages !== undefined && { packages }),
    ...(commit !== undefined && { commit }),
    ...besides(job),
  };
}

/** What its root got besides. */
const besides = ({ tools, layers }: Job): Pick<Lock["jobs"][number], "tools" | "layers"> => ({
  ...(tools && { tools }),
  ...(layers && { layers }),
});

/** What it told of the packages of its root, and of where they came from. */
function rootPapers(stage: Stage): Pick<Lock["jobs"][number], "root" | "repositories"> {
  const [root, repositories] = [digestOf(stage, ROOT), digestOf(stage, REPOSITORIES)];
  return { ...(root !== undefined && { root }), ...(repositories !== undefined && { repositories }) };
}

const digestOf = (stage: Stage | undefined, file: string): string | undefined =>
  stage?.files?.find(({ name }) => name === file)?.sha256;

/** How sources differ from what a lock says: the files that changed, came or went; none: it is only packed otherwise. */
export interface Drift {
  readonly bundle: { readonly locked: string; readonly now: string };
  readonly files: readonly { readonly file: string; readonly locked?: string; readonly now?: string }[];
}

/** What is different about a recipe's sources since a release was locked; `undefined`: nothing is. */
export function driftOf(lock: Lock, recipe: Recipe, now: Stage): Drift | undefined {
  const locked = lock.recipes.find((one) => one.recipe.path === recipe.path);
  const found = lockedSource(recipe, now);
  if (!locked || !found || locked.bundle === found.bundle) return undefined;
  const [was, is] = [digestsOf(locked), digestsOf(found)];
  const files = [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap((file) => {
    const [before, after] = [was.get(file), is.get(file)];
    if (before === after) return [];
    return [{ file, ...(before && { locked: before }), ...(after && { now: after }) }];
  });
  return { bundle: { locked: locked.bundle, now: found.bundle }, files };
}

function digestsOf({ recipe, spec, sources }: Lock["recipes"][number]): ReadonlyMap<string, string> {
  const own = spec === undefined ? [] : [[recipe.path, spec] as const];
  return new Map([...own, ...sources.map(({ file, sha256 }) => [file, sha256] as const)]);
}
