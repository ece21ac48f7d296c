import { comparedWith } from "../../pipelines/compared.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { inputsOf } from "../../pipelines/inputs.ts";
import type { Reuse } from "../../pipelines/reuse.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import type { AttemptRef } from "../../pipelines/stage.ts";
import type { Records } from "../../ports.ts";

interface Ports {
  readonly runs: Pick<Records<Run>, "read">;
  readonly built: Pick<Records<Reuse>, "read">;
  readonly deployment: Pick<Deployment, "targets">;
}

/** What was tested untrusted is never taken over: a trusted build of the same inputs is made, and held against it. */
export async function compareZones(
  { runs, built, deployment }: Ports,
  { run: id, stage: name }: AttemptRef,
  signal: Signal,
): Promise<Signal> {
  if (signal.kind !== "passed") return signal;
  const run = (await runs.read(runKey(id)))?.value;
  const stage = run?.stages.find((one) => one.name === name);
  if (run?.zone !== "trusted" || stage?.kind !== "build") return signal;
  const key = inputsOf(deployment.targets, { ...run, zone: "untrusted" }, stage);
  const tested = key === undefined ? undefined : await built.read(key);
  if (!tested) return signal;
  return { ...signal, facts: { ...signal.facts, ...comparedWith(signal.files, tested.value) } };
}
