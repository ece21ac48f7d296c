import { manifestOf } from "./manifest.ts";
import { mirrorPrefix } from "./publish.ts";
import type { Job, Run } from "../run.ts";
import { attemptId, type File, type Stage } from "../stage.ts";
import { type Composing, TREE_FILE } from "../tree.ts";

interface World {
  readonly attempt: number;
  readonly bundle: { readonly url: string; readonly file: File };
  readonly composing: Composing;
  /** The public address of the mirror, without a slash at the end. */
  readonly mirror: string;
  readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> };
}

/** What the stage that composes a tree is told: lines of a word and a value, for a shell that evaluates nothing. */
export function treeManifest(run: Run, job: Job, world: World): string {
  const { attempt, bundle, composing, mirror, upload } = world;
  const { ref, packages } =
    job.tree && "ref" in job.tree ? job.tree : { ref: "", packages: [] as readonly string[] };
  const { path } = job.recipe;
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: job.build, attempt })],
    ["bundle", bundle.url],
    ["sha256", bundle.file.sha256],
    ["treefile", path.slice(path.lastIndexOf("/") + 1)],
    ["composer", composing.composer],
    ["ref", ref],
    ...("number" in run.trigger && typeof run.trigger.number === "string"
      ? [["version", run.trigger.number]]
      : []),
    ["at", run.at],
    ["arch", job.arch],
    ...(run.channel === undefined ? [] : [["mirror", `${mirror}/${mirrorPrefix(run)}/ostree`]]),
    ...composing.repositories.flatMap(({ url, key }) => [
      ["repository", url.replaceAll("{arch}", job.arch)],
      ["key", key],
    ]),
    ...packages.map((name) => ["package", name]),
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}

/** A tree that a publish stage takes up, as the record knows it. */
export interface TreeOffer {
  readonly job: string;
  readonly arch: string;
  readonly target: string;
  readonly ref: string;
  readonly file: File;
  readonly key: string;
}

/** The tree that the build of a job left; where nothing had changed, it left none. */
export function treeOf(run: Run, job: Job): TreeOffer | undefined {
  const build = run.stages.find(({ name }) => name === job.build);
  const file = build?.files?.find(({ name }) => name === TREE_FILE);
  if (build?.state !== "passed" || !file || build.prefix === undefined) return undefined;
  if (!job.tree || "wrong" in job.tree) return undefined;
  const { name, arch, target, tree } = job;
  return { job: name, arch, target, ref: tree.ref, file, key: build.prefix + file.name };
}

/** The trees that a publish stage takes up. One that cannot be upgraded to is not published. */
export function treeOffers(run: Run, stage: Stage): readonly TreeOffer[] {
  if (isByContent(run)) return [];
  const needed = new Set(stage.needs.map((need) => need.stage));
  const passed = new Set(run.stages.filter(({ state }) => state === "passed").map(({ name }) => name));
  return run.jobs
    .filter(({ build, check }) => needed.has(build) && (check === undefined || passed.has(check)))
    .flatMap((job) => treeOf(run, job) ?? []);
}

/** As the publish stage's manifest has them. Of one ref the last counts: two commits cannot both follow what is there. */
export const treesTold = (offers: readonly (TreeOffer & { readonly url: string })[]) => [
  ...new Map(
    offers.map(({ job, arch, target, ref, file, url }) => [ref, { job, arch, target, ref, ...file, url }]),
  ).values(),
];

/** Facts of a composed tree: the commit that its build made, or the published one that it found nothing new to. */
const COMMIT = ["commit", "unchanged since"] as const;

/** The commit that a build of a tree tells of. */
export const commitOf = ({ facts = {} }: Pick<Stage, "facts">): string | undefined =>
  COMMIT.map((name) => facts[name]).find((sum) => sum !== undefined);

const isByContent = ({ trigger }: Run): boolean => trigger.kind === "promotion" && trigger.way === "content";

/** The trees of a promotion by content: as they were published in the channel that they were tested in. */
export function promotedTrees(
  run: Run,
  stage: Stage,
): readonly { readonly ref: string; readonly commit: string; readonly prefix: string }[] {
  const { trigger, repo } = run;
  if (trigger.kind !== "promotion" || !isByContent(run)) return [];
  const needed = new Set(stage.needs.map((need) => need.stage));
  const prefix = mirrorPrefix({ repo, channel: trigger.from });
  return run.jobs.flatMap(({ build: name, tree }) => {
    const build = run.stages.find((one) => one.name === name && one.state === "passed");
    const commit = build && commitOf(build);
    return needed.has(name) && tree && "ref" in tree && commit !== undefined
      ? [{ ref: tree.ref, commit, prefix }]
      : [];
  });
}
