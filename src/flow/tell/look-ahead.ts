import type { Wait } from "../../bot/check/check.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { type Ahead, estimate, type Estimate } from "../../pipelines/order/estimate.ts";
import { type Line, lineKey, placeIn } from "../../pipelines/order/line.ts";
import type { Run } from "../../pipelines/run.ts";
import { attemptId } from "../../pipelines/stage.ts";
import type { Clock, Records } from "../../ports.ts";

export interface AheadPorts {
  readonly lines: Pick<Records<Line>, "read">;
  readonly deployment: Deployment;
  readonly clock: Clock;
}

export interface Outlook {
  /** Of stages that wait for a builder, by name. */
  readonly waits: ReadonlyMap<string, Wait>;
  readonly estimate: Estimate;
}

/** Where the run's stages stand in the lines of their pools, and when they will be over by what is known. */
export async function lookAhead({ lines, deployment, clock }: AheadPorts, run: Run): Promise<Outlook> {
  const ready = run.stages.filter(({ state }) => state === "ready");
  const waits = new Map<string, Wait>();
  const ahead = new Map<string, Ahead>();
  for (const pool of new Set(ready.map((stage) => stage.pool))) {
    const line = (await lines.read(lineKey(pool)))?.value;
    const slots = deployment.atOnce?.[pool] ?? 1;
    for (const stage of ready.filter((one) => one.pool === pool)) {
      const place = placeIn(line, attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt }));
      if (place === undefined || !line) continue;
      waits.set(stage.name, { before: place, seconds: ((place + 1) * line.seconds) / slots });
      const known = ahead.get(pool);
      if (!known || known.stages > place + 1)
        ahead.set(pool, { stages: place + 1, slots, seconds: line.seconds });
    }
  }
  const expected = new Map(
    run.jobs.flatMap((job) => (job.expected === undefined ? [] : [[job.build, job.expected] as const])),
  );
  return { waits, estimate: estimate(run, { now: clock(), expected, ahead }) };
}
