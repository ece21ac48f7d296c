import { because } from "../bot/words/because.ts";
import type { Waiting } from "../pipelines/dispatch-order.ts";
import { inputsOf } from "../pipelines/inputs.ts";
import { BUNDLE, sourceManifest } from "../pipelines/manifest.ts";
import { LEAST_MINUTES, minutesLeft } from "../pipelines/overdue.ts";
import { mirrorPrefix, offers, publishManifest } from "../pipelines/publish-manifest.ts";
import type { Reuse } from "../pipelines/reuse.ts";
import { rootOf } from "../pipelines/root.ts";
import type { Run } from "../pipelines/run.ts";
import type { Signal } from "../pipelines/signal.ts";
import { resultsPrefix, type Stage, type StageKind } from "../pipelines/stage.ts";
import type { GitHub } from "../ports-github.ts";
import type { Blobs, BuildOrder, Clock, Records } from "../ports.ts";
import type { ChannelPorts } from "./change-channel.ts";
import { claimChannel } from "./claim-channel.ts";
import { lendDisk } from "./lend-disk.ts";
import { lendSources } from "./keep-sources.ts";
import { findSnapshots } from "./find-snapshots.ts";
import { heldAgainst } from "./held-against.ts";
import { type KeyPorts, publishKeys } from "./publish-keys.ts";
import { supportOf } from "./support-of.ts";
import { lendImages, lendTrees, manifestOf, wrongTree } from "./tree-orders.ts";
import { writeLock } from "./write-lock.ts";

export interface OrderPorts extends ChannelPorts, KeyPorts {
  readonly blobs: Blobs;
  readonly runs: Pick<Records<Run>, "read">;
  readonly built: Pick<Records<Reuse>, "read">;
  readonly github: Pick<GitHub, "readToken" | "file" | "defaultBranch">;
  readonly logs: Pick<Blobs, "put">;
  /** The mirror's bucket and its public address, without a slash at the end. */
  readonly mirror: { readonly bucket: string; readonly url: string };
  readonly clock: Clock;
}

/** What to ask CodeBuild for, or the signal that makes asking needless. */
export type Prepared =
  | Pick<BuildOrder, "manifest" | "image" | "timeoutMinutes">
  | { readonly signal: Signal };

const TIMEOUT: Readonly<Record<StageKind, number>> = { source: 30, build: 240, check: 60, publish: 60 };

/** `followers`: publications of the same channel that go along. */
export async function prepare(
  ports: OrderPorts,
  waiting: Waiting,
  followers: readonly Waiting[] = [],
): Promise<Prepared> {
  switch (waiting.stage.kind) {
    case "source":
      return prepareSource(ports, waiting);
    case "build":
      return prepareBuild(ports, waiting);
    case "check":
      return prepareCheck(ports, waiting);
    case "publish":
      return preparePublish(ports, waiting, followers);
    default:
      return waiting.stage.kind satisfies never;
  }
}

async function prepareSource(ports: OrderPorts, { run, stage }: Waiting): Promise<Prepared> {
  const { deployment, github } = ports;
  const wrong = wrongTree(run, stage.name);
  if (wrong !== undefined) return refused(ports, stage, because.treefile(wrong));
  const url = `${deployment.github.web}/${run.repo.owner}/${run.repo.name}.git`;
  const token = run.repo.private ? await github.readToken(run.repo) : undefined;
  const known = await lendSources(ports, { run, stage }, secondsOf(ports, stage.kind));
  return told(ports, { run, stage }, async (upload) =>
    sourceManifest(run, stage, { url, token, hosts: deployment.hosts, known, upload }),
  );
}

async function prepareBuild(ports: OrderPorts, { run, stage }: Waiting): Promise<Prepared> {
  const { job, source, prefix, file } = sourcesOf({ run, stage });
  const image = job.image ?? rootOf(ports.deployment.targets, job);
  if (!image) return refused(ports, stage, because.noImage(job.target, job.arch));
  const key = inputsOf(ports.deployment.targets, run, stage);
  const equal = key === undefined ? undefined : await ports.built.read(key);
  if (equal) {
    const passed = taken(stage, { ...equal.value, image }, ports.clock());
    return { signal: await heldAgainst(ports, run, passed) };
  }
  const left = minutesLeft(job.endsBy, ports.clock());
  if (left !== undefined && left < LEAST_MINUTES) return refused(ports, stage, because.expired, "timed-out");
  const seconds = secondsOf(ports, stage.kind);
  const bundle = { url: await ports.blobs.lend(prefix + BUNDLE, seconds), file };
  const epoch = source.facts?.["epoch"] ?? "0";
  const order = await told(ports, { run, stage }, async (upload) =>
    manifestOf(ports, { run, job }, { attempt: stage.attempt, bundle, epoch, upload }),
  );
  // The repository's rules may ask for less time than the deployment gives, never for more.
  const limits = [order.timeoutMinutes, job.timeoutMinutes, left].filter((one) => one !== undefined);
  return { ...order, image, timeoutMinutes: Math.min(...limits) };
}

async function prepareCheck(ports: OrderPorts, waiting: Waiting): Promise<Prepared> {
  const order = await lendDisk(ports, waiting, secondsOf(ports, "check"));
  if ("because" in order) return refused(ports, waiting.stage, order.because);
  return { ...(await told(ports, waiting, async (upload) => order.manifest(upload))), image: order.image };
}

/** What a build is made from, as the record has it. */
function sourcesOf({ run, stage }: Waiting) {
  const job = run.jobs.find(({ build }) => build === stage.name);
  const source = run.stages.find(({ name }) => name === job?.source);
  const file = source?.files?.find(({ name }) => name === BUNDLE);
  const prefix = source?.prefix;
  if (!job || !source || prefix === undefined || !file)
    throw new Error(`${run.id}: ${stage.name} has no bundle to build from`);
  return { job, source, prefix, file };
}

/** An equal build passed before: this one need not be made. */
function taken(
  { name, attempt }: Stage,
  { prefix, files, facts, from, image }: Reuse & { readonly image: string },
  at: string,
): Extract<Signal, { kind: "passed" }> {
  const told = { prefix, files, image, facts: { ...facts, "taken from": from } };
  return { kind: "passed", stage: name, attempt, at, ...told };
}

async function preparePublish(
  ports: OrderPorts,
  { run, stage }: Waiting,
  followers: readonly Waiting[],
): Promise<Prepared> {
  const { mirror, blobs } = ports;
  const keys = publishKeys(ports, { run, stage }, followers);
  if (!keys) return refused(ports, stage, because.noPullKey);
  const { trigger } = run;
  const withdraw = trigger.kind === "pull" ? await claimChannel(ports, run, trigger.number) : {};
  const packages = [{ run, stage }, ...followers].flatMap((one) => offers(one.run, one.stage));
  const seconds = secondsOf(ports, stage.kind);
  const trees = await lendTrees(ports, [{ run, stage }, ...followers], seconds);
  const images = await lendImages(ports, [{ run, stage }, ...followers], seconds);
  const restore = trigger.kind === "rollback" ? await findSnapshots(ports, run.repo, trigger) : {};
  const isNothing =
    packages.length + trees.length + images.length === 0 &&
    Object.keys({ ...withdraw, ...restore }).length === 0;
  if (isNothing && trigger.kind === "rollback")
    return refused(ports, stage, because.noSnapshot(trigger.channel, trigger.of));
  const lock = await writeLock(ports, run);
  const release = await supportOf(ports, run);
  // A backfill for which nothing came late.
  if (isNothing) {
    const of = { stage: stage.name, attempt: stage.attempt };
    return { signal: { kind: "passed", at: ports.clock(), prefix: "", files: [], facts: {}, ...of } };
  }
  const prefix = mirrorPrefix(run);
  const lent = await Promise.all(
    packages.map(async (offer) => ({ ...offer, url: await blobs.lend(offer.key, seconds) })),
  );
  return told(ports, { run, stage }, async (upload) =>
    publishManifest(run, stage, {
      mirror: { bucket: mirror.bucket, prefix, url: `${mirror.url}/${prefix}` },
      keys,
      offers: lent,
      trees,
      images,
      withdraw,
      restore,
      lock,
      release,
      upload,
    }),
  );
}

/** Writes the manifest down and lends it; what a build may upload is bound to the attempt's prefix. */
async function told(
  ports: OrderPorts,
  { run, stage }: Waiting,
  manifest: (upload: Awaited<ReturnType<Blobs["admit"]>>) => Promise<string>,
): Promise<{ manifest: string; timeoutMinutes: number }> {
  const ref = { run: run.id, stage: stage.name, attempt: stage.attempt };
  const seconds = secondsOf(ports, stage.kind);
  const upload = await ports.blobs.admit(resultsPrefix(ref), { bytes: 4 * 1024 ** 3, seconds });
  const key = `manifests/${resultsPrefix(ref)}manifest`;
  await ports.blobs.put(key, await manifest(upload));
  return { manifest: await ports.blobs.lend(key, seconds), timeoutMinutes: timeoutOf(ports, stage.kind) };
}

const timeoutOf = ({ deployment }: OrderPorts, kind: StageKind): number =>
  deployment.timeoutMinutes[kind] ?? TIMEOUT[kind];

/** As long as the build may take, and as long again as it may wait to begin. */
const secondsOf = (ports: OrderPorts, kind: StageKind): number => timeoutOf(ports, kind) * 60 + 3600;

function refused(
  { clock }: OrderPorts,
  { name, attempt }: Stage,
  why: string,
  as: "failed" | "timed-out" = "failed",
): Prepared {
  return { signal: { kind: "ended", as, because: why, at: clock(), stage: name, attempt } };
}
