import type { Effect } from "../pipelines/next.ts";
import { dispatchOrder, type Waiting } from "../pipelines/dispatch-order.ts";
import type { StagesMessage } from "../pipelines/messages.ts";
import { runKey } from "../pipelines/run.ts";
import type { Signal } from "../pipelines/signal.ts";
import { attemptId } from "../pipelines/stage.ts";
import { runOf, waitingPrefix } from "../pipelines/waiting.ts";
import type { Blobs, Builder, Clock, Log } from "../ports.ts";
import { keepLine } from "./keep-line.ts";
import { type MovePorts, moveRun } from "./move-run.ts";
import { type OrderPorts, prepare } from "./prepare.ts";

export interface DispatchPorts extends Omit<MovePorts, "blobs">, OrderPorts {
  readonly blobs: Blobs;
  readonly builder: Builder;
  readonly clock: Clock;
  readonly log: Log;
}

/** stages queue -> CodeBuild. A message is only a wake-up; the markers and records say what waits. */
export function dispatchStage(ports: DispatchPorts) {
  return async (message: StagesMessage): Promise<void> => {
    if ("stop" in message) return ports.builder.stop(message.stop);
    const line = dispatchOrder(await waitingFor(ports, message.pool));
    const left = await startAll(ports, line);
    await keepLine(ports, message.pool, left);
  };
}

/** Those who must wait on. One stage that cannot be started does not hold back the others; the sweep wakes the pool again for it. */
async function startAll(ports: DispatchPorts, line: readonly Waiting[]): Promise<readonly Waiting[]> {
  const failures: unknown[] = [];
  for (const [place, waiting] of line.entries()) {
    try {
      if (!(await start(ports, waiting))) return line.slice(place);
    } catch (error) {
      ports.log("cannot start", {
        run: waiting.run.id,
        stage: waiting.stage.name,
        place,
        error: String(error),
      });
      failures.push(error);
    }
  }
  // Where nothing at all could be started the trouble is not a stage's: the message fails, and is counted.
  if (failures.length > 0 && failures.length === line.length)
    throw new AggregateError(
      failures,
      `nothing that waits could be started: ${failures.map(String).join("; ")}`,
    );
  return [];
}

/** What waits for the pool. Markers whose run waits no more are cleared away on the way. */
async function waitingFor({ blobs, runs }: DispatchPorts, pool: string): Promise<readonly Waiting[]> {
  const waiting: Waiting[] = [];
  for (const { key } of await blobs.list(waitingPrefix(pool))) {
    const marker = await blobs.get(key);
    const run = (await runs.read(runKey(runOf(key))))?.value;
    const stages = (run?.stages ?? []).filter(
      (stage) => stage.pool === pool && (stage.state === "ready" || stage.state === "starting"),
    );
    if (run && stages.length > 0) waiting.push(...stages.map((stage) => ({ run, stage })));
    // Only the marker that was read before the record: one written since speaks of something newer.
    else if (marker) await blobs.remove(key, marker.version);
  }
  return waiting;
}

/** Starts one stage; `false` says that the pool takes no more for now. */
async function start(ports: DispatchPorts, { run, stage }: Waiting): Promise<boolean> {
  const ref = { run: run.id, stage: stage.name, attempt: stage.attempt };
  const of = { stage: stage.name, attempt: stage.attempt };
  const move = (signal: Signal) => moveRun(ports, isNotOurs(stage.pool))(run.id, [signal]);
  const order = { pool: stage.pool, attempt: attemptId(ref) };
  // Somebody was about to start it and was not heard of again: there may be a build already.
  const known = stage.state === "starting" ? await ports.builder.find(order) : undefined;
  if (known) {
    await move({ kind: "started", build: known, at: ports.clock(), ...of });
    return true;
  }
  const prepared = await prepare(ports, { run, stage });
  if ("signal" in prepared) {
    await move(prepared.signal);
    return true;
  }
  const moved = await move({ kind: "dispatched", at: ports.clock(), ...of });
  // Cancelled or tried again since it was listed: a build of it would be nobody's.
  const now = moved?.stages.find(({ name }) => name === stage.name);
  if (now?.state !== "starting" || now.attempt !== stage.attempt) return true;
  const answer = await ports.builder.start({ ...order, ...prepared });
  ports.log("start", { ...ref, answer: answer.kind });
  // A slot comes free when a build ends, and that news wakes the pool; the sweep does after a throttle.
  if (answer.kind !== "started") return false;
  await move({ kind: "started", build: answer.build, at: ports.clock(), ...of });
  return true;
}

/** This pool is being looked at right now; it need not be woken for that. */
const isNotOurs = (pool: string) => (effect: Effect) => effect.kind !== "wake" || effect.pool !== pool;
