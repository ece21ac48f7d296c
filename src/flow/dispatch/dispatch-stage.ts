import type { Effect } from "../../pipelines/next.ts";
import { dispatchOrder, type Waiting } from "../../pipelines/order/dispatch-order.ts";
import { inputsOf } from "../../pipelines/inputs.ts";
import type { StagesMessage } from "../../pipelines/messages.ts";
import { runKey } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { attemptId } from "../../pipelines/stage.ts";
import { turnToBuild } from "../../pipelines/order/turn-to-build.ts";
import { runOf, waitingPrefix } from "../../pipelines/order/waiting.ts";
import type { Blobs, Builder, Clock, Log } from "../../ports.ts";
import { busyIn } from "./busy-in.ts";
import { keepLine } from "./keep-line.ts";
import { type MovePorts, moveRun } from "../move-run.ts";
import type { OrderPorts } from "./order.ts";
import { prepare } from "./prepare.ts";
import { type Part, partOf, type SharePorts } from "./share-publisher.ts";

export interface DispatchPorts extends Omit<MovePorts, "blobs">, OrderPorts, SharePorts {
  readonly runs: MovePorts["runs"];
  readonly blobs: Blobs;
  readonly builder: Builder;
  readonly clock: Clock;
  readonly log: Log;
}

/** stages queue -> CodeBuild. A message is only a wake-up; the markers and records say what waits. */
export function dispatchStage(ports: DispatchPorts) {
  return async (message: StagesMessage): Promise<void> => {
    if ("stop" in message) return ports.builder.stop(message.stop);
    const waiting = await waitingFor(ports, message.pool);
    const busy = await busyIn(ports, message.pool);
    const now = ports.clock();
    const slots = ports.deployment.atOnce?.[message.pool];
    const room = slots === undefined ? {} : { slots, free: slots - busy.length };
    const { now: line, later } = turnToBuild(dispatchOrder(waiting, { busy, now }), now, room);
    const left = [...(await startAll(ports, line, busy)), ...later];
    const running = [...busy, ...line.filter((one) => !left.includes(one))];
    await keepLine(ports, message.pool, { left, running });
  };
}

/** Those who must wait on. One stage that cannot be started does not hold back the others; the sweep wakes the pool again for it. */
async function startAll(
  ports: DispatchPorts,
  line: readonly Waiting[],
  busy: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const failures: unknown[] = [];
  const held: Waiting[] = [];
  const keyOf = ({ run, stage }: Waiting) => inputsOf(ports.deployment.targets, run, stage);
  const underway = new Set(busy.map(keyOf));
  for (const [place, waiting] of line.entries()) {
    try {
      const key = keyOf(waiting);
      // An equal build is being made: what comes of it is taken, and this one need not be made.
      const isMade = key !== undefined && underway.has(key);
      const answer = isMade ? "held" : await start(ports, waiting, line);
      if (answer === "done") underway.add(key);
      if (answer === "full") return [...held, ...line.slice(place)];
      if (answer === "held") held.push(waiting);
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
  return held;
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

/** `told`: no build is needed. `full`: the pool takes no more for now. `held`: another one goes first. */
type Answer = "done" | "told" | "full" | "held";

async function start(ports: DispatchPorts, waiting: Waiting, line: readonly Waiting[]): Promise<Answer> {
  const part = waiting.stage.kind === "publish" ? await partOf(ports, waiting, line) : ALONE;
  switch (part.kind) {
    case "hold":
      return "held";
    case "follow":
      await begun(ports, waiting, part.build);
      return "done";
    case "lead":
      return lead(ports, waiting, part.followers);
    default:
      return part satisfies never;
  }
}

const ALONE: Part = { kind: "lead", followers: [] };

/** Starts one stage, and with it those that its build speaks for. */
async function lead(ports: DispatchPorts, waiting: Waiting, followers: readonly Waiting[]): Promise<Answer> {
  const { run, stage } = waiting;
  const ref = { run: run.id, stage: stage.name, attempt: stage.attempt };
  const order = { pool: stage.pool, attempt: attemptId(ref) };
  const all = [...followers, waiting];
  // Somebody was about to start it and was not heard of again: there may be a build already.
  const known = stage.state === "starting" ? await ports.builder.find(order) : undefined;
  if (known) {
    for (const one of all) await begun(ports, one, known);
    return "done";
  }
  const prepared = await prepare(ports, waiting, followers);
  if ("signal" in prepared) {
    await move(ports, waiting, prepared.signal);
    return "told";
  }
  const root = prepared.image === undefined ? {} : { image: prepared.image };
  const asked = { kind: "dispatched", at: ports.clock(), ...root, ...ofStage(waiting) } as const;
  const moved = await move(ports, waiting, asked);
  // Cancelled or tried again since it was listed: a build of it would be nobody's.
  const now = moved?.stages.find(({ name }) => name === stage.name);
  if (now?.state !== "starting" || now.attempt !== stage.attempt) return "done";
  const answer = await ports.builder.start({ ...order, ...prepared });
  ports.log("start", { ...ref, answer: answer.kind, with: followers.map((one) => one.run.id) });
  // A slot comes free when a build ends, and that news wakes the pool; the sweep does after a throttle.
  if (answer.kind !== "started") return "full";
  for (const one of all) await begun(ports, one, answer.build);
  return "done";
}

const begun = (ports: DispatchPorts, waiting: Waiting, build: string) =>
  move(ports, waiting, { kind: "started", build, at: ports.clock(), ...ofStage(waiting) });

const ofStage = ({ stage: { name, attempt } }: Waiting) => ({ stage: name, attempt });

const move = (ports: DispatchPorts, { run, stage }: Waiting, signal: Signal) =>
  moveRun(ports, isNotOurs(stage.pool))(run.id, [signal]);

/** This pool is being looked at right now; it need not be woken for that. */
const isNotOurs = (pool: string) => (effect: Effect) => effect.kind !== "wake" || effect.pool !== pool;
