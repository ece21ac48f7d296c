import { treeBuildOf } from "../plan.ts";
import { type Job, type Run, slug } from "../run.ts";
import { attemptId, type File, type Stage } from "../stage.ts";
import { type Composing, TREE_FILE } from "../tree.ts";
import { type Form, manifestOf } from "./manifest.ts";
import { mirrorPrefix } from "./publish.ts";

/** The commit that a tree's build left, packed; `from`: the commit that it had found published, and left out of it. */
export interface PackedTree {
  readonly commit: string;
  readonly from?: string | undefined;
  readonly file: File;
  readonly key: string;
}

/** What a tree's build left for the images that are made of it; or the commit that nothing had changed since. */
export function treeFor(run: Run, job: Job): PackedTree | { readonly unchanged: string } | undefined {
  const {
    files,
    facts = {},
    prefix,
  } = run.stages.find(({ name }) => name === treeBuildOf(job)) ?? ({} as Partial<Stage>);
  const unchanged = facts[UNCHANGED];
  if (unchanged !== undefined) return { unchanged };
  const file = files?.find(({ name }) => name === TREE_FILE);
  const { commit, from } = facts;
  return file && commit !== undefined && prefix !== undefined
    ? { commit, from, file, key: prefix + file.name }
    : undefined;
}

/** The fact of a tree's build that says so. */
export const UNCHANGED = "unchanged since";

interface World {
  readonly attempt: number;
  readonly maker: NonNullable<Composing["derived"]>["maker"];
  readonly tree: PackedTree & { readonly url: string };
  /** The public address of the mirror, without a slash at the end. */
  readonly mirror: string;
  readonly upload: Form;
}

/** What the stage that makes an image of a tree is told. The commit is named by its digest: a ref may move meanwhile. */
export function derivedManifest(run: Run, job: Job, { attempt, maker, tree, mirror, upload }: World): string {
  const source = run.jobs.find(({ build }) => build === treeBuildOf(job))?.tree;
  return manifestOf([
    ["job", attemptId({ run: run.id, stage: job.build, attempt })],
    ["tree", tree.url],
    ["sha256", tree.file.sha256],
    ["commit", tree.commit],
    ["ref", source && "ref" in source ? source.ref : ""],
    ...(tree.from === undefined ? [] : [["from", tree.from]]),
    ...(run.channel === undefined ? [] : [["mirror", `${mirror}/${mirrorPrefix(run)}/ostree`]]),
    ["remote", `${run.repo.name}-${run.channel ?? "here"}`.replaceAll(/[^A-Za-z0-9._-]/g, "-")],
    ["maker", maker],
    ["type", job.type ?? ""],
    ["name", slug(job.recipe.name)],
    ["version", versionOf(run)],
    ["at", run.at],
    ["arch", job.arch],
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ]);
}

/** The number of the release that it comes with; what is none bears its time. */
const versionOf = ({ trigger, at }: Run): string =>
  "number" in trigger && typeof trigger.number === "string"
    ? trigger.number
    : at.replaceAll(/[-:]|\.\d+/g, "");
