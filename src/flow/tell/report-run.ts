import type { Check } from "../../bot/check/check.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Weight } from "../../pipelines/order/budget.ts";
import type { ReportsMessage } from "../../pipelines/messages.ts";
import { hasEnded, isTold } from "../../pipelines/next.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { GitHub } from "../../ports-github.ts";
import { announceRelease, type AnnouncePorts } from "./announce-release.ts";
import { moveRun } from "../move-run.ts";
import { checksNow, showSticky, type StickyPorts } from "./show-sticky.ts";
import { type ListPorts, tellEnd } from "./tell-list.ts";
import { inPlaceOf, writeChecks, type Written } from "./write-checks.ts";

export interface ReportPorts extends StickyPorts, ListPorts, AnnouncePorts {
  readonly github: Pick<GitHub, "shown" | "show" | "comment" | "say"> & AnnouncePorts["github"];
  readonly blobs: StickyPorts["blobs"] & AnnouncePorts["blobs"];
  readonly deployment: Deployment;
}

/** reports queue -> GitHub. Shows the record as it is now; only what differs is written, and only what fits. */
export function reportRun(ports: ReportPorts) {
  return async (message: ReportsMessage): Promise<void> => {
    if ("pull" in message) return answer(ports, message);
    const run = (await ports.runs.read(runKey(message.run)))?.value;
    if (!run || (isTold(run) && !message.again)) return;
    const { done, left } = await showChecks(ports, run);
    const isSaid = await saySticky(ports, run, hasEnded(run) ? "ended" : (done[0] ?? "moved"));
    ports.log("report", { run: run.id, rev: run.rev, wrote: done.length, left, said: isSaid });
    await tellEnd(ports, run);
    await announceRelease(ports, run);
    // What did not fit is shown by the next report, which the sweep asks for until none is left.
    if (left === 0 && isSaid) await moveRun(ports)(run.id, [{ kind: "reported", rev: run.rev }]);
  };
}

/** Somebody waits for what the comment is to say, and no record asks for it again: the queue keeps it. */
async function answer(
  ports: ReportPorts,
  { repo, pull: number }: Extract<ReportsMessage, { pull: unknown }>,
): Promise<void> {
  if (await showSticky(ports, { repo, number }, "ended")) return;
  throw new Error(`GitHub takes no more comments of installation ${repo.installation} for now`);
}

async function showChecks(ports: ReportPorts, run: Run): Promise<Written> {
  const { repo: at, id: about, trigger } = run;
  const checks = await checksNow(ports, run);
  const listed = await ports.github.shown(at, trigger.sha);
  const shown = new Map(listed.map((one) => [one.check.externalId, one]));
  const wanted = checks
    .filter((check) => !isSame(check, shown.get(check.externalId)?.check))
    .map((check) => inPlaceOf(shown.get(check.externalId), check));
  return writeChecks(ports, { at, sha: trigger.sha, about }, wanted);
}

const saySticky = async (ports: ReportPorts, run: Run, weight: Weight): Promise<boolean> =>
  run.trigger.kind !== "pull" ||
  showSticky(ports, { repo: run.repo, number: run.trigger.number, run }, weight);

const isSame = (a: Check, b: Check | undefined): boolean =>
  b !== undefined &&
  a.status === b.status &&
  a.conclusion === b.conclusion &&
  a.title === b.title &&
  a.summary === b.summary;
