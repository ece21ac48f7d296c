import { isClosed } from "../../pipelines/next.ts";
import { openKey, type Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import type { Clock } from "../../ports.ts";
import { type MovePorts, moveRun } from "../move-run.ts";

/** Moves a run that may be over: without its marker the sweep would not look at it again. */
export async function reopen(
  ports: MovePorts & { readonly clock: Clock },
  id: string,
  signals: readonly Signal[],
): Promise<Run | undefined> {
  await ports.blobs.put(openKey(id), `${ports.clock()} wanted`);
  const moved = await moveRun(ports)(id, signals);
  // The sweep may have found the first marker while the run was not open yet.
  if (moved && !isClosed(moved)) await ports.blobs.put(openKey(id), `${ports.clock()} again`);
  return moved;
}

/** Another attempt for each of these stages that did not pass, named with the attempt that is retried. */
export const retries = (run: Run, names: readonly string[], at: string): readonly Signal[] =>
  run.stages
    .filter(({ name }) => names.includes(name))
    .map(({ name, attempt }) => ({ kind: "retried", at, stage: name, attempt }));

export const allStages = ({ stages }: Run): readonly string[] => stages.map(({ name }) => name);
