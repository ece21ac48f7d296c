import type { BotEvent } from "../bot/events.ts";
import { ledger } from "../bot/words/ledger.ts";
import { isClosed } from "../pipelines/next.ts";
import { openKey, type Run, runKey } from "../pipelines/run.ts";
import type { Signal } from "../pipelines/signal.ts";
import type { DecidePorts, Outcome } from "./decide-commit.ts";
import { moveRun } from "./move-run.ts";

/** "Re-run" on a check: GitHub offers it to people who may write, so it needs no further leave. */
export async function askRerun(
  ports: DecidePorts,
  { repo, externalId }: Extract<BotEvent, { kind: "rerun-asked" }>,
): Promise<Outcome> {
  const [id = "", ...rest] = externalId.split("#");
  const record = await ports.runs.read(runKey(id));
  // The external id comes back from GitHub, but the record says whose run it is.
  if (!record || record.value.repo.id !== repo.id || record.value.superseded)
    return { because: ledger.noRun };
  // A run that was over is open again: without its marker the sweep would not look at it.
  await ports.blobs.put(openKey(id), ports.clock());
  const moved = await moveRun(ports)(id, retries(record.value, rest.join("#"), ports.clock()));
  // The sweep may have found the first marker while the run was not open yet.
  if (moved && !isClosed(moved)) await ports.blobs.put(openKey(id), `${ports.clock()} again`);
  return { because: ledger.rerun, run: id };
}

/** The stages behind a check that did not pass, each named with the attempt that is retried. */
function retries(run: Run, about: string, at: string): readonly Signal[] {
  const job = run.jobs.find(({ name }) => name === about);
  const names = job ? [job.source, job.build] : [about];
  return run.stages
    .filter(({ name }) => names.includes(name))
    .map(({ name, attempt }) => ({ kind: "retried", at, stage: name, attempt }));
}
