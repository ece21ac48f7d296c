import { because } from "../bot/words/because.ts";
import { isClosed, next } from "../pipelines/next.ts";
import { isBusy } from "../pipelines/retarget.ts";
import { openKey, type Run, runKey } from "../pipelines/run.ts";
import { type MovePorts, moveRun } from "./move-run.ts";
import { perform } from "./perform.ts";

/** A run comes into the world once, whoever asks first; what it needs is sent every time it is asked for. */
export async function birth(ports: MovePorts, run: Run): Promise<void> {
  const known = await ports.runs.read(runKey(run.id));
  if (known) return again(ports, known.value, run);
  // A marker before, so that no run is without one, and another after, should the sweep have found the first too early.
  await ports.blobs.put(openKey(run.id), `${run.at} unborn`);
  await ports.runs.create(runKey(run.id), run);
  await ports.blobs.put(openKey(run.id), run.at);
  // Read back: if somebody was faster, theirs is the run.
  const record = await ports.runs.read(runKey(run.id));
  if (record) for (const effect of next(record.value)) await perform(ports)(effect);
}

async function again(ports: MovePorts, known: Run, wanted: Run): Promise<void> {
  if (known.leave.rule === "trusted" && wanted.leave.rule === "acked") await widen(ports, known, wanted);
  if (known.trigger.kind !== "pull" || known.trigger.branch === wanted.trigger.branch)
    return revive(ports, known, wanted.at);
  return retarget(ports, known, wanted);
}

/** An ACK lets images be made that trust alone did not. */
async function widen(ports: MovePorts, { id }: Run, { at, jobs, stages }: Run): Promise<void> {
  await ports.blobs.put(openKey(id), `${at} again`);
  const moved = await moveRun(ports)(id, [{ kind: "extended", at, jobs, stages }]);
  if (moved && !isClosed(moved)) await ports.blobs.put(openKey(id), at);
}

/** The same commit for another branch: what was begun for the old one is stopped, then all is built anew. */
async function retarget(ports: MovePorts, { id }: Run, { at, trigger, jobs, stages }: Run): Promise<void> {
  if (trigger.kind !== "pull") return;
  const given = { kind: "cancelled", at, because: because.retargeted, by: trigger.branch } as const;
  const stopped = await moveRun(ports)(id, [given]);
  if (stopped && isBusy(stopped)) throw new Error(`${id} has another base, but is still being stopped`);
  await ports.blobs.put(openKey(id), `${at} again`);
  const { base, branch } = trigger;
  await moveRun(ports)(id, [
    { kind: "retargeted", at, base, branch },
    { kind: "extended", at, jobs, stages },
  ]);
  await ports.blobs.put(openKey(id), at);
}

/** Pushed back to an old commit, or closed and opened again: the run that was given up is wanted once more. */
async function revive(ports: MovePorts, run: Run, at: string): Promise<void> {
  // What a person cancelled stays so: only a run that was given up as a whole is wanted again by itself.
  const given = run.superseded ? run.stages.filter(({ state }) => state === "cancelled") : [];
  // What has not stopped yet cannot be begun again: the queue or the sweep brings the question back.
  const stopping = given.find(({ endedAt }) => endedAt === undefined);
  if (stopping) throw new Error(`${run.id} is wanted again, but ${stopping.name} is still being stopped`);
  if (given.length > 0) await ports.blobs.put(openKey(run.id), `${at} again`);
  const moved = await moveRun(ports)(
    run.id,
    given.map(({ name, attempt }) => ({ kind: "retried", at, stage: name, attempt })),
  );
  // As at birth: the sweep may have found the first marker while the run was not open yet.
  if (moved && !isClosed(moved)) await ports.blobs.put(openKey(run.id), at);
}
