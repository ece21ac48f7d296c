import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import type { Reuse } from "../../pipelines/reuse.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { resultsPrefix, type Stage, type StageKind } from "../../pipelines/stage.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Blobs, BuildOrder, Clock, Records } from "../../ports.ts";
import type { ChannelPorts } from "../change-channel.ts";
import type { KeyPorts } from "./publish-keys.ts";

/** What every order for a builder is made with. */
export interface OrderPorts extends ChannelPorts, KeyPorts {
  readonly blobs: Blobs;
  readonly runs: Pick<Records<Run>, "read">;
  readonly built: Pick<Records<Reuse>, "read">;
  readonly github: Pick<GitHub, "readToken" | "file" | "defaultBranch">;
  readonly logs: Pick<Blobs, "put">;
  /** The mirror's bucket and its public address, without a slash at the end. */
  readonly mirror: { readonly bucket: string; readonly url: string };
  /** The bucket that results lie in, for a publisher that has them copied. */
  readonly staging: string;
  readonly clock: Clock;
}

/** What to ask CodeBuild for, or the signal that makes asking needless. */
export type Prepared =
  | Pick<BuildOrder, "manifest" | "image" | "timeoutMinutes">
  | { readonly signal: Signal };

const TIMEOUT: Readonly<Record<StageKind, number>> = { source: 30, build: 240, check: 60, publish: 60 };

/** Writes the manifest down and lends it; what a build may upload is bound to the attempt's prefix. */
export async function told(
  ports: OrderPorts,
  { run, stage }: Waiting,
  manifest: (upload: Awaited<ReturnType<Blobs["admit"]>>) => Promise<string>,
): Promise<{ manifest: string; timeoutMinutes: number }> {
  const ref = { run: run.id, stage: stage.name, attempt: stage.attempt };
  const seconds = secondsOf(ports, stage.kind);
  const upload = await ports.blobs.admit(resultsPrefix(ref), { bytes: 4 * 1024 ** 3, seconds });
  const key = `manifests/${resultsPrefix(ref)}manifest`;
  await ports.blobs.put(key, await manifest(upload));
  return { manifest: await ports.blobs.lend(key, seconds), timeoutMinutes: timeoutOf(ports, stage.kind) };
}

const timeoutOf = ({ deployment }: OrderPorts, kind: StageKind): number =>
  deployment.timeoutMinutes[kind] ?? TIMEOUT[kind];

/** As long as the build may take, and as long again as it may wait to begin. */
export const secondsOf = (ports: OrderPorts, kind: StageKind): number => timeoutOf(ports, kind) * 60 + 3600;

/** A stage that is not begun, and why. */
export const refused = (
  { clock }: Pick<OrderPorts, "clock">,
  { name, attempt }: Stage,
  why: { readonly because: string; readonly as?: "timed-out" },
): Prepared => ({
  signal: { kind: "ended", as: "failed", ...why, at: clock(), stage: name, attempt },
});
