import { because } from "../../bot/words/because.ts";
import { holds } from "../../bot/words/holds.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { BootHistory } from "../../pipelines/boot/history.ts";
import { annotationsOf } from "../../pipelines/log/annotations.ts";
import { confession, excerpt } from "../../pipelines/log/excerpt.ts";
import type { History } from "../../pipelines/order/history.ts";
import { inputsOf } from "../../pipelines/inputs.ts";
import { logKey } from "../../pipelines/log/log.ts";
import { SPEC } from "../../pipelines/manifest/manifest.ts";
import { remarksOfRefusal } from "../../pipelines/log/refusal-place.ts";
import type { PackageList } from "../../pipelines/package-list.ts";
import type { Reuse } from "../../pipelines/reuse.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { Failure, Signal } from "../../pipelines/signal.ts";
import { attemptId, attemptOf, type AttemptRef } from "../../pipelines/stage.ts";
import type { Blobs, Builder, BuildNews, Clock, Log, Records } from "../../ports.ts";
import { askRebuilds, type AskPorts } from "./ask-rebuilds.ts";
import { collect } from "./collect.ts";
import { compareZones } from "./compare-zones.ts";
import { keepGraph, type KeepPorts } from "./keep-graph.ts";
import { keepSources } from "./keep-sources.ts";
import { type MovePorts, moveRun } from "../move-run.ts";
import { tellUpdate } from "./tell-update.ts";
import { rememberPackages } from "./hold-packages.ts";
import { rememberBoot } from "./judge-boot.ts";
import { remember } from "./remember.ts";
import { type SharePorts, spokenFor } from "../dispatch/share-publisher.ts";

export interface HearPorts extends Omit<MovePorts, "blobs">, KeepPorts, AskPorts {
  readonly publishers: Pick<SharePorts["publishers"], "read">;
  readonly blobs: Blobs;
  readonly logs: Pick<Blobs, "put">;
  readonly builder: Pick<Builder, "look" | "log">;
  readonly built: Records<Reuse>;
  readonly histories: Records<History>;
  readonly boots: Records<BootHistory>;
  readonly lists: Records<PackageList>;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

const LOG_BYTES = 8 * 1024 * 1024;

/** What CodeBuild says of a build, made into signals. The only way in which results come to count. */
export function hearBuild(ports: HearPorts) {
  return async (news: BuildNews): Promise<void> => {
    const ref = await attemptInRecord(ports, news);
    if (!ref) {
      ports.log("unheard", { build: news.build, attempt: news.attempt, status: news.status });
      return;
    }
    const of = { stage: ref.stage, attempt: ref.attempt };
    const started: Signal = { kind: "started", build: news.build, at: news.startedAt, ...of };
    const entered: Signal = { kind: "entered", phase: news.phase, at: ports.clock(), ...of };
    const log = await ports.builder.log(news.build, LOG_BYTES);
    const end = news.status === "IN_PROGRESS" ? entered : await endOf(ports, { news, ref, log });
    const attempts = await spokenFor(ports, news.attempt);
    // The one that bears the build's name comes last: until then the same news tells the others again.
    for (const attempt of attempts.toReversed()) {
      await keepLog(ports, { ...news, attempt }, log);
      await tell(ports, attempt, { started, end: attempts.length > 1 ? shared(end) : end });
    }
    if (news.status !== "IN_PROGRESS") await wake(ports, news);
  };
}

/** What several attempts hear of the one build that they shared: what fails is tried again by each alone. */
const shared = (end: Signal): Signal =>
  end.kind === "ended" || end.kind === "stopped"
    ? { ...end, kind: "ended", as: "errored", because: because.shared }
    : end;

async function tell(
  ports: HearPorts,
  attempt: string,
  { started, end }: { readonly started: Signal; readonly end: Signal },
): Promise<void> {
  const ref = attemptOf(attempt);
  if (!ref) return;
  const of = { stage: ref.stage, attempt: ref.attempt };
  const moved = await moveRun(ports)(ref.run, [
    { ...started, ...of },
    { ...end, ...of },
  ]);
  let hasTurned = false;
  if (moved && end.kind === "passed") {
    await keep(ports, moved, ref);
    await keepSources(ports, moved, ref);
    await remember(ports, moved, ref);
    await rememberBoot(ports, moved, ref);
    hasTurned = await keepGraph(ports, moved, ref);
    await rememberPackages(ports, moved, ref);
  }
  if (moved) await askRebuilds(ports, moved, { ref, hasTurned });
  if (moved) await tellUpdate(ports, moved);
}

/** Not one of ours, of an old attempt, or not the build that the record knows: not heard. */
async function attemptInRecord({ runs }: HearPorts, news: BuildNews): Promise<AttemptRef | undefined> {
  const ref = attemptOf(news.attempt);
  const run = ref && (await runs.read(runKey(ref.run)))?.value;
  const stage = run?.stages.find(({ name }) => name === ref?.stage);
  const isKnown = stage?.attempt === ref?.attempt && (stage?.build ?? news.build) === news.build;
  return stage?.pool === news.pool && isKnown ? ref : undefined;
}

/** Everybody may read the logs' bucket, so what a private repository's builds say stays with the state. */
async function keepLog({ runs, logs, blobs }: HearPorts, { attempt }: BuildNews, log: string): Promise<void> {
  const run = (await runs.read(runKey(attemptOf(attempt)?.run ?? "")))?.value;
  if (run?.repo.private) await blobs.put(`logs/${logKey(attempt)}`, log);
  else await logs.put(logKey(attempt), log);
}

/** A builder has come free for whoever waits in this pool. */
async function wake({ stages }: HearPorts, { pool, build }: BuildNews): Promise<void> {
  await stages.send({ v: 1, pool }, { group: pool, once: `free ${build}` });
}

interface Told {
  readonly news: BuildNews;
  readonly ref: AttemptRef;
  readonly log: string;
}

async function endOf(ports: HearPorts, told: Told): Promise<Signal> {
  const { news, ref, log } = told;
  const of = { stage: ref.stage, attempt: ref.attempt, at: news.endedAt ?? ports.clock() };
  const ended: Ended = (as, why) => ({ kind: "ended", as, because: why, ...of });
  switch (news.status) {
    case "SUCCEEDED":
      return compareZones(ports, ref, await collect(ports, news, ref));
    case "FAILED":
      return isRootless(news)
        ? ended("errored", holds.noRoot(news.failure?.message ?? ""))
        : failure(log, await specOf(ports, ref), ended);
    case "TIMED_OUT":
      return ended("timed-out", because.timedOut);
    case "STOPPED":
      return { kind: "stopped", because: because.stopped, ...of };
    case "FAULT":
    case "IN_PROGRESS":
      return ended("errored", because.fault(news.failure?.message ?? news.phase));
    default:
      return news.status satisfies never;
  }
}

/** CodeBuild's words for a build root that it could not get. */
const isRootless = ({ failure }: BuildNews): boolean =>
  failure?.message.includes("Unable to pull customer's container image") ?? false;

type Ended = (as: Failure, why: string) => Extract<Signal, { kind: "ended" }>;

/** A failed build tells itself whether the change, the sources or the infrastructure is to blame. */
function failure(log: string, spec: Spec | undefined, ended: Ended): Signal {
  const trouble = confession(log, "infrastructure");
  if (trouble) return ended("errored", trouble);
  const conflict = confession(log, "conflict");
  if (conflict) return { ...ended("failed", conflict), trouble: { kind: "conflict", guessed: false } };
  const refusal = confession(log, "refused");
  if (refusal) return { ...ended("failed", refusal), remarks: remarksOfRefusal(refusal) };
  const { lines, guessed, kind, scriptlet } = excerpt(log);
  const remarks = spec === undefined ? [] : annotationsOf(log, spec).slice(0, REMARKS_MAX);
  const told = { guessed, ...(kind && { kind }), ...(scriptlet && { scriptlet }) };
  return { ...ended("failed", lines.join("\n")), trouble: told, remarks };
}

/** A record is one object: of very many remarks the first tell enough. */
const REMARKS_MAX = 10;

interface Spec {
  readonly path: string;
  readonly text?: string;
}

/** The spec of a job, with its text once the source stage has left it. */
async function specOf({ runs, blobs }: HearPorts, ref: AttemptRef): Promise<Spec | undefined> {
  const run = (await runs.read(runKey(ref.run)))?.value;
  const job = run?.jobs.find(({ build, source }) => build === ref.stage || source === ref.stage);
  if (!job) return undefined;
  const { path } = job.recipe;
  const { prefix, files = [] } = run?.stages.find(({ name }) => name === job.source) ?? {};
  const isThere = files.some(({ name, size }) => name === SPEC && size <= SPEC_MAX);
  const left = prefix !== undefined && isThere ? await blobs.get(prefix + SPEC) : undefined;
  return left ? { path, text: new TextDecoder().decode(left.value) } : { path };
}

const SPEC_MAX = 1024 * 1024;

/** Keeps a passed build under its inputs, for whoever comes with the same. */
async function keep({ built, deployment }: HearPorts, run: Run, ref: AttemptRef): Promise<void> {
  const made = run.stages.find(({ name }) => name === ref.stage);
  const key = made && inputsOf(deployment.targets, run, made);
  if (!made?.prefix || !made.files || key === undefined) return;
  const { prefix, files, facts } = made;
  await built.create(key, { v: 1, from: attemptId(ref), prefix, files, ...(facts && { facts }) });
}
