import type { Lock } from "../release/lock.ts";
import type { Form } from "./manifest.ts";
import type { Provenance } from "../release/provenance.ts";
import type { Nevras } from "../release/published.ts";
import type { Run } from "../run.ts";
import { attemptId, type File, type Stage } from "../stage.ts";

/** A package that a publish stage takes up, as the record knows it. */
export interface Offer {
  readonly job: string;
  /** The run that built it. */
  readonly run: string;
  readonly target: string;
  readonly arch: string;
  readonly file: File;
  readonly key: string;
}

/** What a publish stage may take: the files of its passed builds, by the digests in the record. A pull request's channel
 *  shows all that its run built, each time. */
export function offers(run: Run, stage: Stage): readonly Offer[] {
  const isWhole = run.trigger.kind === "pull";
  const needed = new Set(
    isWhole ? run.jobs.map(({ build }) => build) : stage.needs.map((need) => need.stage),
  );
  const builds = new Map(run.stages.map((one) => [one.name, one]));
  return run.jobs
    .filter((job) => needed.has(job.build))
    .flatMap((job) => {
      const build = builds.get(job.build);
      if (build?.state !== "passed" || !build.files || !build.prefix) return [];
      const { prefix } = build;
      return build.files
        .filter(({ name }) => name.endsWith(".rpm"))
        .map((file) => ({
          job: job.name,
          run: run.id,
          target: job.target,
          arch: job.arch,
          file,
          key: prefix + file.name,
        }));
    });
}

type Key = Readonly<Record<"id" | "created" | "name" | "email", string>> & { readonly expires?: string };

/** What a publish stage signs with, as its manifest has it: `key` signs, clients are given `ships` too. */
interface Keys {
  readonly key: Key;
  readonly ships?: readonly Key[];
  readonly attestation?: {
    readonly key: Pick<Key, "id">;
    readonly builds: Readonly<Record<string, Readonly<Record<string, Provenance>>>>;
  };
}

/** What each target is to have. */
function targetsTold(
  run: Run,
  {
    offers: all,
    withdraw,
    restore = {},
    after = {},
  }: {
    readonly offers: readonly (Offer & { readonly url: string })[];
    readonly withdraw: Nevras;
    readonly restore?: Readonly<Record<string, number>>;
    readonly after?: Readonly<Record<string, number>>;
  },
) {
  const named = [...all.map(({ target }) => target), ...Object.keys({ ...withdraw, ...restore })];
  return [...new Set(named)].map((target) => ({
    target,
    ...(withdraw[target] && { withdraw: withdraw[target] }),
    ...(restore[target] !== undefined && { restore: restore[target] }),
    ...(after[target] !== undefined && { after: after[target] }),
    packages: all
      .filter((offer) => offer.target === target)
      .map(({ job, run: by, arch, file, url }) => ({
        job,
        ...(by !== run.id && { run: by }),
        arch,
        ...file,
        url,
      })),
  }));
}

/** What the publish stage is told, as JSON. */
export function publishManifest(
  run: Run,
  stage: Stage,
  world: {
    /** `url`: the public address of the prefix, without a slash at the end. */
    readonly mirror: { readonly bucket: string; readonly prefix: string; readonly url: string };
    readonly keys: Keys;
    readonly offers: readonly (Offer & { readonly url: string })[];
    readonly trees?: readonly unknown[];
    /** Trees that are published in another channel. */
    readonly promoted?: readonly unknown[];
    readonly images?: readonly unknown[];
    /** What the channel is to lose, unless it is offered again. */
    readonly withdraw: Nevras;
    /** Target -> the number of the older snapshot whose packages it gets again, and no others. */
    readonly restore?: Readonly<Record<string, number>>;
    /** Target -> the last number that was given away before the channel began anew. */
    readonly after?: Readonly<Record<string, number>>;
    /** What a release is, beyond what its trigger says of it. */
    readonly release?: Partial<ReleaseTold>;
    /** What went into it. */
    readonly lock?: Lock | undefined;
    readonly upload: Form;
  },
): string {
  const targets = targetsTold(run, world);
  const { id, owner, name } = run.repo;
  const release = releaseTold(run);
  return JSON.stringify({
    v: 1,
    job: attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt }),
    at: run.at,
    run: run.id,
    repo: { id, owner, name },
    channel: run.channel,
    ...(release && { release: { ...release, ...world.release } }),
    ...(world.lock && { lock: world.lock }),
    mirror: world.mirror,
    ...world.keys,
    targets,
    ...(world.trees && world.trees.length > 0 && { trees: world.trees }),
    ...(world.promoted && world.promoted.length > 0 && { promoted: world.promoted }),
    ...(world.images && world.images.length > 0 && { images: world.images }),
    upload: world.upload,
  });
}

/** A dated release, as the publish stage is told of it. */
interface ReleaseTold {
  readonly number: string;
  readonly from?: string;
  readonly sha: string;
  readonly branch: string;
  readonly supportUntil?: string | undefined;
  readonly asked: "nightly" | "promotion" | "rollback";
  /** The release whose content is brought back. */
  readonly of?: string;
}

function releaseTold({ trigger }: Run): ReleaseTold | undefined {
  if (trigger.kind !== "nightly" && trigger.kind !== "promotion" && trigger.kind !== "rollback")
    return undefined;
  const { kind: asked, number, sha, branch } = trigger;
  const told = { number, sha, branch, asked };
  if (trigger.kind === "rollback") return { ...told, of: trigger.of };
  return trigger.kind === "promotion" ? { ...told, from: trigger.from } : told;
}

/** Where a channel's mirror lies. */
export const mirrorPrefix = ({
  repo,
  channel = "",
}: {
  readonly repo: Pick<Run["repo"], "owner" | "name">;
  readonly channel?: string | undefined;
}): string => `${repo.owner}/${repo.name}/${channel}`.toLowerCase();
