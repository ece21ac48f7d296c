import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { attemptIdOf, type Publisher, publisherKey, together } from "../../pipelines/order/publisher.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import { attemptOf, isOver, type Stage } from "../../pipelines/stage.ts";
import type { Clock, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

export interface SharePorts {
  readonly runs: Pick<Records<Run>, "read">;
  readonly publishers: Records<Publisher>;
  readonly clock: Clock;
}

/** What a publication that waits has to do. */
export type Part =
  /** It is carried out, and these others with it. */
  | { readonly kind: "lead"; readonly followers: readonly Waiting[] }
  /** This build carries it out. */
  | { readonly kind: "follow"; readonly build: string }
  /** Another publication of its channel is under way. */
  | { readonly kind: "hold" };

/** One publisher per channel at a time: what waits meanwhile goes together when its turn comes. */
export async function partOf(ports: SharePorts, waiting: Waiting, line: readonly Waiting[]): Promise<Part> {
  const key = publisherKey(waiting.run);
  const record = await ports.publishers.read(key);
  if ((record?.value.prunedUntil ?? "") > ports.clock()) return { kind: "hold" };
  const known = record && (await lookAt(ports, record.value, attemptIdOf(waiting)));
  if (known) return known;
  const [first, ...followers] = together(waiting, line);
  const publisher: Publisher = { v: 1, attempts: [first, ...followers].map(attemptIdOf) };
  const isOurs = record
    ? await ports.publishers.replace(key, publisher, record.version)
    : await ports.publishers.create(key, publisher);
  return isOurs ? { kind: "lead", followers } : { kind: "hold" };
}

/** What a publisher that is known means for an attempt; `undefined`: it is done, or nobody carries it on. */
async function lookAt(
  ports: SharePorts,
  { attempts }: Publisher,
  attempt: string,
): Promise<Part | undefined> {
  const members = await Promise.all(attempts.map((id) => stageOf(ports, id)));
  const open = members.flatMap((one) => (one && !isOver(one.stage) ? [one] : []));
  if (open.length === 0) return undefined;
  const build = members.find((one) => one?.stage.build !== undefined)?.stage.build;
  if (build !== undefined) return attempts.includes(attempt) ? { kind: "follow", build } : { kind: "hold" };
  if (attempts[0] === attempt)
    return { kind: "lead", followers: open.filter((one) => attemptIdOf(one) !== attempt) };
  // Where the first one never began and never will, whoever waits finds another.
  const [leader] = members;
  return leader && !isOver(leader.stage) ? { kind: "hold" } : undefined;
}

/** The stage of an attempt, unless it has another one by now. */
async function stageOf({ runs }: Pick<SharePorts, "runs">, id: string): Promise<Waiting | undefined> {
  const ref = attemptOf(id);
  const run = ref && (await runs.read(runKey(ref.run)))?.value;
  const stage = run?.stages.find((one: Stage) => one.name === ref?.stage && one.attempt === ref.attempt);
  return run && stage && { run, stage };
}

/** All attempts that this build of an attempt speaks for, itself first. */
export async function spokenFor(
  ports: { readonly runs: SharePorts["runs"]; readonly publishers: Pick<SharePorts["publishers"], "read"> },
  attempt: string,
): Promise<readonly string[]> {
  const ref = attemptOf(attempt);
  const run = ref && (await ports.runs.read(runKey(ref.run)))?.value;
  const stage = run?.stages.find(({ name }) => name === ref?.stage);
  if (!run || stage?.kind !== "publish") return [attempt];
  const attempts = (await ports.publishers.read(publisherKey(run)))?.value.attempts ?? [];
  return attempts[0] === attempt ? attempts : [attempt];
}

/**
 * Removes from a channel while nobody publishes to it: who comes meanwhile waits, for so many minutes at most. `false`
 * says that somebody is publishing.
 */
export async function whileNobodyPublishes(
  ports: SharePorts,
  key: string,
  { until, work }: { readonly until: string; readonly work: () => Promise<void> },
): Promise<boolean> {
  const record = await ports.publishers.read(key);
  const attempts = record?.value.attempts ?? [];
  const members = await Promise.all(attempts.map((id) => stageOf(ports, id)));
  // A cancelled one may go on until its build has stopped.
  if (members.some((one) => one && (!isOver(one.stage) || one.stage.endedAt === undefined))) return false;
  const closed: Publisher = { v: 1, attempts, prunedUntil: until };
  const isOurs = record
    ? await ports.publishers.replace(key, closed, record.version)
    : await ports.publishers.create(key, closed);
  if (!isOurs) return false;
  await work();
  const free: Publisher = { v: 1, attempts };
  await changeRecord(ports.publishers, key, (was) => (was?.prunedUntil === until ? free : undefined));
  return true;
}
