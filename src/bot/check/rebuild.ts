import type { Run } from "../../pipelines/run.ts";
import type { Check, Telling } from "./check.ts";
import { rowsOf } from "./rows.ts";
import { rebuilt } from "../words/rebuilds.ts";
import { summary } from "../words/summary.ts";

/** The check of a step of rebuilds: the commit has checks of its own, so one tells of all its jobs, and what each is for. */
export function asRebuild(check: Check, run: Run, telling: Telling): Check {
  if (run.trigger.kind !== "rebuild") return check;
  const isLost = check.conclusion === "failure" && !run.stages.some(({ state }) => state === "failed");
  return { ...check, summary: [summary(run, rowsOf(run, telling), isLost), rebuilt(run)].join("\n\n") };
}

/** The name of that check. */
export const rebuildName = ({ channel = "", trigger }: Run): string | undefined =>
  trigger.kind === "rebuild" ? `millwright:${channel}:rebuild-${trigger.step}` : undefined;
