import { because } from "../../bot/words/because.ts";
import { FACTS, readFacts, readResults, readSources, SUMS } from "../../pipelines/results.ts";
import { runKey } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { type AttemptRef, resultsPrefix } from "../../pipelines/stage.ts";
import type { Blobs, BuildNews, Clock } from "../../ports.ts";
import { type AgainstPorts, heldAgainst } from "../dispatch/held-against.ts";
import { holdPackages, type ListPorts } from "./hold-packages.ts";
import { type BootPorts, judgeBoot } from "./judge-boot.ts";

export interface CollectPorts extends AgainstPorts, BootPorts, ListPorts {
  readonly blobs: Pick<Blobs, "get" | "list">;
  readonly clock: Clock;
}

/** Reads back what the attempt left. From here on its digests are in the record, and only they count. */
export async function collect(ports: CollectPorts, news: BuildNews, ref: AttemptRef): Promise<Signal> {
  const { blobs, clock } = ports;
  const prefix = resultsPrefix(ref);
  const of = { stage: ref.stage, attempt: ref.attempt, at: news.endedAt ?? clock() };
  const failed = (why: string): Signal => ({ kind: "ended", as: "failed", because: why, ...of });
  const listed = await blobs.list(prefix);
  const sizes = new Map(listed.map(({ key, size }) => [key.slice(prefix.length), size]));
  // A build may leave what it likes: nothing is read whole before its size is known.
  if ((sizes.get(SUMS) ?? 0) > SUMS_MAX) return failed(because.tooLarge(SUMS));
  if ((sizes.get(FACTS) ?? 0) > FACTS_MAX) return failed(because.tooLarge(FACTS));
  const sums = await blobs.get(prefix + SUMS);
  if (!sums) return { kind: "ended", as: "errored", because: because.noResults, ...of };
  const files = readResults(textOf(sums.value), sizes);
  if ("wrong" in files) return failed(because.results(files));
  const told = await toldOf(ports, files.some(({ name }) => name === FACTS) ? prefix + FACTS : undefined);
  if (!told) return failed(because.noFacts(FACTS));
  const passed = { kind: "passed", prefix, files, ...told, ...of } as const;
  return weighed(ports, ref, passed);
}

/** What passed, against what it had to come up to. */
async function weighed(
  ports: CollectPorts,
  ref: AttemptRef,
  passed: Extract<Signal, { kind: "passed" }>,
): Promise<Signal> {
  const run = (await ports.runs.read(runKey(ref.run)))?.value;
  if (!run) return passed;
  const job = run.jobs.find(({ check }) => check === ref.stage);
  // An upgrade that did not go well ends its stage by itself.
  if (job?.recipe.kind === "tree") return passed;
  if (job) return judgeBoot(ports, { run, job }, passed);
  return holdPackages(ports, run, await heldAgainst(ports, run, passed));
}

/** The small facts and the sources that a stage told of; `undefined` if that is no JSON. */
async function toldOf({ blobs }: CollectPorts, key: string | undefined) {
  const there = key === undefined ? undefined : await blobs.get(key);
  const text = there && textOf(there.value);
  const facts = text === undefined ? {} : readFacts(text);
  const sources = text === undefined ? [] : readSources(text);
  return facts && { facts, ...(sources.length > 0 && { sources }) };
}

const SUMS_MAX = 1024 * 1024;
const FACTS_MAX = 1024 * 1024;

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
