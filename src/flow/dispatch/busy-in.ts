import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { Line, lineKey } from "../../pipelines/order/line.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import { attemptOf } from "../../pipelines/stage.ts";
import type { Blobs, Records } from "../../ports.ts";

interface Ports {
  readonly blobs: Pick<Blobs, "get">;
  readonly runs: Pick<Records<Run>, "read">;
}

/** Who has builders of a pool, as far as the last look at it knows: what has ended since is left out. */
export async function busyIn({ blobs, runs }: Ports, pool: string): Promise<readonly Waiting[]> {
  const refs = (lineIn(await blobs.get(lineKey(pool)))?.running ?? []).flatMap((id) => attemptOf(id) ?? []);
  const records = new Map(
    await Promise.all(
      [...new Set(refs.map(({ run }) => run))].map(
        async (id) => [id, (await runs.read(runKey(id)))?.value] as const,
      ),
    ),
  );
  return refs.flatMap(({ run: id, stage: name, attempt }) => {
    const run = records.get(id);
    const stage = run?.stages.find((one) => one.name === name && one.attempt === attempt);
    return run && stage?.state === "running" ? [{ run, stage }] : [];
  });
}

function lineIn(there: { readonly value: Uint8Array } | undefined): Line | undefined {
  if (!there) return undefined;
  const read = Line.safeParse(JSON.parse(new TextDecoder().decode(there.value)));
  return read.success ? read.data : undefined;
}
