import { snapshotFile } from "../layer.ts";
import { mirrorPrefix } from "./publish.ts";
import type { Job, Run } from "../run.ts";
import { updatedBy } from "../service/update-made.ts";
import { attemptId, type File, type Stage } from "../stage.ts";
import { releaseSuffix } from "../suffix.ts";

/** A form for uploads as the manifests carry it (a presigned POST). */
export interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const BUNDLE = "bundle.tar";
/** The spec that was packed, beside the bundle: for remarks at its lines. */
export const SPEC = "recipe.spec";

/** What the source stage is told, as JSON. */
export function sourceManifest(
  run: Run,
  stage: Stage,
  world: {
    readonly url: string;
    readonly token: string | undefined;
    readonly hosts: Readonly<Record<string, string>>;
    /** Files that earlier stages of the recipe fetched. */
    readonly known: readonly { readonly name: string; readonly sha256: string; readonly url: string }[];
    readonly upload: Form;
    /** Services are run for an update: the texts that speak of the version before. */
    readonly update?: { readonly spec: string; readonly service?: string | undefined } | undefined;
  },
): string {
  const { trigger } = run;
  const job = run.jobs.find(({ source, from }) => source === stage.name && from === undefined);
  const recipe = world.update ? updatedBy(run.jobs, stage) : job?.recipe;
  return JSON.stringify({
    v: 1,
    job: attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt }),
    repo: { url: world.url, ...(world.token && { token: world.token }) },
    head: trigger.sha,
    // What is committed to a branch is made of that branch alone.
    ...(trigger.kind === "pull" && !world.update && { base: trigger.base }),
    recipe,
    ...(world.update && { update: world.update }),
    hosts: world.hosts,
    ...(world.known.length > 0 && { known: world.known }),
    upload: world.upload,
  });
}

/** What the build stage is told: lines of a word and a value, for a shell that evaluates nothing. */
export function buildManifest(
  run: Run,
  job: Job,
  world: {
    readonly attempt: number;
    readonly bundle: { readonly url: string; readonly file: File };
    readonly epoch: string;
    /** The mirror's public address, without a slash at the end. */
    readonly mirror: string;
    readonly upload: Form;
  },
): string {
  const { attempt, bundle, epoch, mirror, upload } = world;
  const spec = job.recipe.path.slice(job.recipe.path.lastIndexOf("/") + 1);
  const lines: readonly (readonly string[])[] = [
    ["job", attemptId({ run: run.id, stage: job.build, attempt })],
    ["bundle", bundle.url],
    ["sha256", bundle.file.sha256],
    ["spec", spec],
    ["suffix", releaseSuffix(run)],
    ["epoch", epoch],
    ["arch", job.arch],
    ...(job.tools ?? []).flatMap(({ packages }) => packages.map(({ sha256, url }) => ["tool", sha256, url])),
    ...layerLines(run, job, mirror),
    ["upload", upload.url],
    ...Object.entries(upload.fields).map(([name, value]) => ["field", name, value]),
  ];
  return manifestOf(lines);
}

/** The channels whose packages may be required, the uppermost first: the digest of the index, and the snapshot's address. */
const layerLines = ({ repo }: Run, { target, layers = [] }: Job, mirror: string) =>
  layers.map(({ channel, snapshot, repomd }) => {
    const place = mirrorPrefix({ repo, channel });
    return ["layer", repomd, `${mirror}/${place}/${target}/${snapshotFile(snapshot, "")}`];
  });

/** Lines of words; the first says what it is. */
export const manifestOf = (lines: readonly (readonly string[])[]): string =>
  `${lines.map((line) => oneLine(line.join(" "))).join("\n")}\n`;

/** A value must not be able to begin a line of its own. */
const oneLine = (text: string): string => Array.from(text, (c) => (c < " " ? " " : c)).join("");
