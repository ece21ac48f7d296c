import { heard, type History, historyKey, noHistory } from "../../pipelines/order/history.ts";
import { secondsBetween } from "../../pipelines/instant.ts";
import type { Run } from "../../pipelines/run.ts";
import { attemptId, type AttemptRef } from "../../pipelines/stage.ts";
import type { Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";

/** How long a build took that passed, for those who ask how long the next one will. */
export async function remember(
  { histories }: { readonly histories: Records<History> },
  run: Run,
  ref: AttemptRef,
): Promise<void> {
  const job = run.jobs.find(({ build }) => build === ref.stage);
  const stage = run.stages.find(({ name }) => name === ref.stage);
  if (!job || !stage?.startedAt || !stage.endedAt) return;
  const { target, arch, recipe } = job;
  const seconds = secondsBetween(stage.startedAt, stage.endedAt);
  const entry = { attempt: attemptId(ref), at: stage.endedAt, seconds, target, arch };
  await changeRecord(histories, historyKey(run.repo.id, recipe.path), (was) =>
    heard(was ?? noHistory, entry),
  );
}
