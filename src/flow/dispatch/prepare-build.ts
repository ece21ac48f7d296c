import { because } from "../../bot/words/because.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { inputsOf } from "../../pipelines/inputs.ts";
import { BUNDLE, type Form } from "../../pipelines/manifest/manifest.ts";
import { LEAST_MINUTES, minutesLeft } from "../../pipelines/order/overdue.ts";
import type { Reuse } from "../../pipelines/reuse.ts";
import { rootOf } from "../../pipelines/root.ts";
import type { Signal } from "../../pipelines/signal.ts";
import type { Stage } from "../../pipelines/stage.ts";
import { deriveOrder, stayedAsIs } from "./derive-order.ts";
import { heldAgainst } from "./held-against.ts";
import { type OrderPorts, type Prepared, refused, secondsOf, told } from "./order.ts";
import { manifestOf, noRepository } from "./tree-orders.ts";

/** What a build is asked for, unless an equal one passed already or its time is over. */
export async function prepareBuild(ports: OrderPorts, { run, stage }: Waiting): Promise<Prepared> {
  const stayed = stayedAsIs(run, stage, ports.clock());
  if (stayed) return { signal: stayed };
  const { job, source, prefix, file } = sourcesOf({ run, stage });
  const image = job.image ?? rootOf(ports.deployment.targets, job);
  if (!image) return refused(ports, stage, { because: because.noImage(job.target, job.arch) });
  const none = noRepository(ports.deployment, job);
  if (none) return refused(ports, stage, { because: because.noRepository(none, job.target) });
  const key = inputsOf(ports.deployment.targets, run, stage);
  const equal = key === undefined ? undefined : await ports.built.read(key);
  if (equal) {
    const passed = taken(stage, { ...equal.value, image }, ports.clock());
    return { signal: await heldAgainst(ports, run, passed) };
  }
  const left = minutesLeft(job.endsBy, ports.clock());
  if (left !== undefined && left < LEAST_MINUTES)
    return refused(ports, stage, { because: because.expired, as: "timed-out" });
  const seconds = secondsOf(ports, stage.kind);
  const bundle = { url: await ports.blobs.lend(prefix + BUNDLE, seconds), file };
  const epoch = source.facts?.["epoch"] ?? "0";
  const { attempt } = stage;
  const manifest =
    job.from === undefined
      ? (upload: Form) => manifestOf(ports, { run, job }, { attempt, bundle, epoch, upload })
      : await deriveOrder(ports, { run, job, attempt }, seconds);
  const order = await told(ports, { run, stage }, async (upload) => manifest(upload));
  // The repository's rules may ask for less time than the deployment gives, never for more.
  const limits = [order.timeoutMinutes, job.timeoutMinutes, left].filter((one) => one !== undefined);
  return { ...order, image, timeoutMinutes: Math.min(...limits) };
}

/** What a build is made from, as the record has it. */
function sourcesOf({ run, stage }: Waiting) {
  const job = run.jobs.find(({ build }) => build === stage.name);
  const source = run.stages.find(({ name }) => name === job?.source);
  const file = source?.files?.find(({ name }) => name === BUNDLE);
  const prefix = source?.prefix;
  if (!job || !source || prefix === undefined || !file)
    throw new Error(`${run.id}: ${stage.name} has no bundle to build from`);
  return { job, source, prefix, file };
}

/** An equal build passed before: this one need not be made. */
function taken(
  { name, attempt }: Stage,
  { prefix, files, facts, from, image }: Reuse & { readonly image: string },
  at: string,
): Extract<Signal, { kind: "passed" }> {
  const told = { prefix, files, image, facts: { ...facts, "taken from": from } };
  return { kind: "passed", stage: name, attempt, at, ...told };
}
