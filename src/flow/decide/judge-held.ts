import { because } from "../../bot/words/because.ts";
import type { Run } from "../../pipelines/run.ts";
import { isHeld } from "../../pipelines/settled.ts";
import { type MovePorts, moveRun } from "../move-run.ts";

/** What a committer says of a promotion that is held; `at`: when, ISO 8601. */
export interface Verdict {
  readonly verdict: "accept" | "drop";
  readonly by: string;
  readonly at: string;
}

/** `later`: something came in that was not there yet when it was said. */
export type Judged = "accepted" | "dropped" | "later" | "not-held";

/** A promotion that is not what was tested goes on, or is given up. */
export async function judgeHeld(
  ports: MovePorts,
  run: Run | undefined,
  { verdict, by, at }: Verdict,
): Promise<Judged> {
  if (!run || !waitsForCommitter(run)) return "not-held";
  if (verdict === "drop") {
    await moveRun(ports)(run.id, [{ kind: "cancelled", at, because: because.person(by) }]);
    return "dropped";
  }
  const moved = await moveRun(ports)(run.id, [{ kind: "accepted", at, by }]);
  return moved && waitsForCommitter(moved) ? "later" : "accepted";
}

const waitsForCommitter = (run: Run): boolean => run.stages.some((stage) => isHeld(stage, run));
