import type { Run } from "../../pipelines/run.ts";
import type { Row } from "../check/rows.ts";
import { commit } from "./commit.ts";
import { jobTable } from "./job-table.ts";
import { leaveSentence } from "./leave.ts";
import { leftList } from "./left.ts";
import { targets } from "./targets.ts";
import { touches } from "./touches.ts";

/** What the check says that speaks for all. */

/** Jobs by how they stand. */
export interface Tally {
  readonly jobs: number;
  readonly passed: number;
  readonly failed: number;
  readonly running: number;
}

const HEADS: Readonly<Record<string, string>> = {
  queued: "Waiting",
  in_progress: "Building",
  success: "All that is required passed",
  failure: "Something required failed",
  errored: "Infrastructure trouble, not your change",
  timed_out: "Something required took too long",
  cancelled: "Cancelled",
  action_required: "What is shipped differs from what was tested, and a committer decides",
};

export function summaryTitle(state: string, { jobs, passed, failed, running }: Tally): string {
  const parts = [
    `${passed} of ${jobs} passed`,
    ...(failed > 0 ? [`${failed} did not`] : []),
    ...(running > 0 ? [`${running} running`] : []),
  ];
  return `${HEADS[state] ?? state}: ${parts.join(", ")}`;
}

/** What did not pass was none of the change's doing. */
const LOST =
  "What did not pass is the infrastructure's fault, not this change's: it was tried again by itself, and failed again. **Re-run** tries once more.";

/** `isLost`: only the infrastructure is to blame. */
export function summary(run: Run, rows: readonly Row[], isLost: boolean): string {
  const moved = targets.moved(run.aliases ?? []);
  return [
    `${commit(run)}. Built, since ${leaveSentence(run.leave)}.`,
    ...(isLost ? [LOST] : []),
    ...(moved === "" ? [] : [moved]),
    jobTable(rows, { rows: 300, bytes: 45_000 }),
    ...(run.touches ? [touches(run.touches)] : []),
    ...(run.left.length > 0 ? [`Found, but not built:\n\n${leftList(run.left)}`] : []),
  ].join("\n\n");
}
