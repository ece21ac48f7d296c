import type { Check } from "../bot/check.ts";
import type { ReportsMessage } from "../pipelines/messages.ts";
import { isTold } from "../pipelines/next.ts";
import { type Run, runKey } from "../pipelines/run.ts";
import type { GitHub, Log } from "../ports.ts";
import { moveRun } from "./move-run.ts";
import { checksNow, showSticky, type StickyPorts } from "./show-sticky.ts";

export interface ReportPorts extends StickyPorts {
  readonly github: Pick<GitHub, "shown" | "show" | "comment" | "say">;
  readonly log: Log;
}

/** GitHub takes 80 content-creating writes a minute and 500 an hour of one app; one report takes its share. */
const WRITES = 40;

/** reports queue -> GitHub. Shows the record as it is now; only what differs is written. */
export function reportRun(ports: ReportPorts) {
  return async (message: ReportsMessage): Promise<void> => {
    if ("pull" in message) return showSticky(ports, message.repo, message.pull);
    const run = (await ports.runs.read(runKey(message.run)))?.value;
    if (!run || (isTold(run) && !message.again)) return;
    const left = await showChecks(ports, run, await checksNow(ports, run));
    if (run.trigger.kind === "pull") await showSticky(ports, run.repo, run.trigger.number);
    ports.log("report", { run: run.id, rev: run.rev, left });
    // What did not fit is shown by the next report, which the sweep asks for until none is left.
    if (left === 0) await moveRun(ports)(run.id, [{ kind: "reported", rev: run.rev }]);
  };
}

async function showChecks({ github }: ReportPorts, run: Run, checks: readonly Check[]): Promise<number> {
  const { sha } = run.trigger;
  const shown = new Map((await github.shown(run.repo, sha)).map((one) => [one.check.externalId, one]));
  const differing = checks.filter((check) => !isSame(check, shown.get(check.externalId)?.check));
  // What has ended first: that is what people wait for.
  const urgent = differing.toSorted(
    (a, b) => Number(b.status === "completed") - Number(a.status === "completed"),
  );
  for (const check of urgent.slice(0, WRITES)) {
    const was = shown.get(check.externalId);
    // A check run that is over is not reopened: GitHub keeps its end, so a new one takes its place.
    const isReopened = was?.check.status === "completed" && check.status !== "completed";
    await github.show(run.repo, sha, { check, id: isReopened ? undefined : was?.id });
  }
  return Math.max(0, differing.length - WRITES);
}

const isSame = (a: Check, b: Check | undefined): boolean =>
  b !== undefined &&
  a.status === b.status &&
  a.conclusion === b.conclusion &&
  a.title === b.title &&
  a.summary === b.summary;
