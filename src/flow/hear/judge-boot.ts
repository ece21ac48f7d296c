import { bootPlot } from "../../bot/check/boot-plot.ts";
import { boots as words } from "../../bot/words/boot.ts";
import { overBudget } from "../../pipelines/boot/budget.ts";
import {
  alike,
  type BootEntry,
  type BootHistory,
  bootsKey,
  entryOf,
  lastOf,
  remembered,
  whatOf,
} from "../../pipelines/boot/history.ts";
import { LOG_MAX } from "../../pipelines/boot/times.ts";
import { cameUp } from "../../pipelines/boot/verdict.ts";
import type { Booted } from "../../pipelines/boot/booted.ts";
import { plotKey } from "../../pipelines/log/log.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import type { Signal } from "../../pipelines/signal.ts";
import { attemptId, type AttemptRef } from "../../pipelines/stage.ts";
import type { Blobs, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

export interface BootPorts {
  readonly blobs: Pick<Blobs, "get">;
  readonly logs: Pick<Blobs, "put">;
  readonly boots: Pick<Records<BootHistory>, "read">;
}

type Passed = Extract<Signal, { kind: "passed" }>;

interface Of {
  readonly run: Run;
  readonly job: Job;
}

/** What the consoles of an image said, where a check left them. */
const FIRST = "console.log";
const WARM = "console-warm.log";

/** Did it come up, and within its budget? The check only listened; what it heard is judged here. */
export async function judgeBoot(ports: BootPorts, of: Of, passed: Passed): Promise<Signal> {
  const { stage, attempt, at, facts = {} } = passed;
  const first = (await consoleOf(ports, passed, FIRST)) ?? "";
  const told = cameUp({ facts, first, warm: await consoleOf(ports, passed, WARM) });
  if ("missed" in told)
    return { kind: "ended", as: "failed", because: words.missed(told), stage, attempt, at };
  const known = await knownOf(ports, of, told);
  const before = lastOf(known, of.run.channel);
  const budget = of.job.boot ?? { fail: false };
  const over = overBudget(budget, { ...told, before });
  const boot = { ...told, ...(before && { before }), over };
  await draw(ports, of, { known, boot, attempt: attemptId({ run: of.run.id, stage, attempt }) });
  if (!budget.fail || over.length === 0) return { ...passed, boot };
  return { kind: "ended", as: "failed", because: words.over(boot), boot, stage, attempt, at };
}

/** A console of the attempt; nothing, if there is none or it is longer than any is written. */
async function consoleOf(
  { blobs }: BootPorts,
  { prefix, files }: Passed,
  name: string,
): Promise<string | undefined> {
  const file = files.find((one) => one.name === name);
  const there = file && file.size <= LOG_MAX ? await blobs.get(prefix + name) : undefined;
  return there && new TextDecoder().decode(there.value);
}

async function knownOf(
  { boots }: BootPorts,
  { run, job }: Of,
  kind: Pick<Booted, "accelerator" | "machine">,
): Promise<readonly BootEntry[]> {
  const history = (await boots.read(bootsKey(run.repo.id, job)))?.value;
  return alike(history, { what: whatOf(job), ...kind });
}

/** Everybody may read the logs' bucket: of a private repository nothing is drawn. */
async function draw(
  { logs }: BootPorts,
  { run, job }: Of,
  {
    known,
    boot,
    attempt,
  }: { readonly known: readonly BootEntry[]; readonly boot: Booted; readonly attempt: string },
): Promise<void> {
  if (run.repo.private) return;
  const points = [...known.toReversed(), { ...boot, number: words.thisOne }];
  await logs.put(plotKey(attempt), bootPlot(points, job.boot?.seconds));
}

/** How an image came up that is on its way to a channel, for those who come after it. */
export async function rememberBoot(
  { boots }: { readonly boots: Records<BootHistory> },
  run: Run,
  ref: AttemptRef,
): Promise<void> {
  const job = run.jobs.find(({ check }) => check === ref.stage);
  const stage = run.stages.find(({ name }) => name === ref.stage);
  if (!job || !stage?.boot || stage.state !== "passed" || stage.endedAt === undefined) return;
  const entry = entryOf(run, job, { attempt: attemptId(ref), at: stage.endedAt, booted: stage.boot });
  if (entry) await changeRecord(boots, bootsKey(run.repo.id, job), (was) => remembered(was, entry));
}
