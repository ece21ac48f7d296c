import { holds } from "../../bot/words/holds.ts";
import { CHANGES_MAX, changesBetween, type Differs, linesBetween } from "../../pipelines/contents.ts";
import { contentsOfImage, isPackageList } from "../../pipelines/kiwi/image-packages.ts";
import { driftOf, lockOf } from "../../pipelines/release/lock.ts";
import { differenceKey } from "../../pipelines/log/log.ts";
import { CONTENTS } from "../../pipelines/release/papers.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { attemptId, type File, type Stage } from "../../pipelines/stage.ts";
import type { Blobs, Records } from "../../ports.ts";
import { testedRun } from "../tell/tested-run.ts";

export interface AgainstPorts {
  readonly runs: Pick<Records<Run>, "read">;
  readonly blobs: Pick<Blobs, "get">;
  readonly logs: Pick<Blobs, "put">;
}

type Passed = Extract<Signal, { kind: "passed" }>;

/**
 * What passed in a promotion is held against the release that was accepted: other sources end it, and what it built
 * otherwise is noted, so that it waits for a committer.
 */
export async function heldAgainst(ports: AgainstPorts, run: Run, passed: Passed): Promise<Signal> {
  const stage = run.stages.find(({ name }) => name === passed.stage);
  if (run.trigger.kind !== "promotion" || !stage || stage.kind === "publish" || stage.kind === "check")
    return passed;
  const tested = await testedRun(ports, run);
  const now = { ...stage, files: passed.files, sources: passed.sources ?? [], prefix: passed.prefix };
  if (stage.kind === "source") return sameSources({ run, tested, now }, passed);
  const differs = await differsFrom(ports, { run, tested, now });
  return differs ? { ...passed, differs } : passed;
}

interface Compared {
  readonly run: Run;
  readonly tested: Run | undefined;
  /** The stage with what it left. */
  readonly now: Stage;
}

/** A promotion is built from the very sources that were tested. */
function sameSources({ run, tested, now }: Compared, passed: Passed): Signal {
  const lock = tested && lockOf(tested);
  const recipe = run.jobs.find(({ source }) => source === now.name)?.recipe;
  const drift = lock && recipe && driftOf(lock, recipe, now);
  if (!drift) return passed;
  const { stage, attempt, at } = passed;
  return { kind: "ended", as: "failed", because: holds.drifted(drift), stage, attempt, at };
}

async function differsFrom(
  ports: AgainstPorts,
  { run, tested, now }: Compared,
): Promise<Differs | undefined> {
  const before = tested?.stages.find(({ name, state }) => name === now.name && state === "passed");
  const [was, is] = [before && listOf(before), listOf(now)];
  if (isEmpty(before) && isEmpty(now)) return undefined;
  // Digests of the record, whatever may lie in the store by now.
  if (was && is && was.sha256 === is.sha256) return undefined;
  const shipped = await readList(ports, now, is);
  if (shipped === undefined) return { changes: [], count: 0, unlisted: "shipped" };
  const listed = before && (await readList(ports, before, was));
  if (listed === undefined) return { changes: [], count: 0, unlisted: "tested" };
  const changes = changesBetween(listed, shipped);
  const known = { changes: changes.slice(0, CHANGES_MAX), count: changes.length };
  // What a private repository builds is nobody's to read, and the record tells enough.
  if (run.repo.private) return known;
  const attempt = attemptId({ run: run.id, stage: now.name, attempt: now.attempt });
  await ports.logs.put(differenceKey(attempt), `${linesBetween(listed, shipped).join("\n")}\n`);
  return { ...known, whole: true };
}

const isEmpty = (stage: Stage | undefined): boolean =>
  !stage?.files?.some(({ name }) => name.endsWith(".rpm")) && !(stage && listOf(stage));

/** What tells what a build made: of packages and trees what we list ourselves, of an image what kiwi does. */
const listOf = ({ files }: Stage): File | undefined =>
  files?.find(({ name }) => name === CONTENTS) ?? files?.find(({ name }) => isPackageList(name));

/** A build may leave what it likes: nothing is read whole that is too large. */
const LIST_MAX = 8 * 1024 * 1024;

async function readList(
  { blobs }: AgainstPorts,
  { prefix }: Stage,
  list: File | undefined,
): Promise<string | undefined> {
  if (!list || list.size > LIST_MAX || prefix === undefined) return undefined;
  const there = await blobs.get(prefix + list.name);
  const text = there && new TextDecoder().decode(there.value);
  return text !== undefined && isPackageList(list.name) ? contentsOfImage(text) : text;
}
