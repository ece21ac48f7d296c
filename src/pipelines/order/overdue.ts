import { instant } from "../instant.ts";
import { ownStages } from "../job-stages.ts";
import type { Job, Run } from "../run.ts";
import type { Stage } from "../stage.ts";

/** What the sweep must ask CodeBuild about, since its news may have been lost. */
export function unheard(run: Run): readonly Stage[] {
  return run.stages.filter(
    ({ state, build, endedAt }) =>
      build !== undefined && (state === "running" || (state === "cancelled" && endedAt === undefined)),
  );
}

/** Given up while it was being started: there may be a build that nobody knows. */
export function doubtful(run: Run): readonly Stage[] {
  return run.stages.filter(
    ({ state, build, endedAt }) => state === "cancelled" && build === undefined && endedAt === undefined,
  );
}

/** The job that a stage is of alone: sources may be of several. */
export const jobOf = (run: Run, { name }: Stage): Job | undefined =>
  run.jobs.find((job) => ownStages(job).includes(name));

/** Must it wait for the night? */
export function isBefore({ run, stage }: { readonly run: Run; readonly stage: Stage }, now: string): boolean {
  const notBefore = jobOf(run, stage)?.notBefore;
  return notBefore !== undefined && instant(now) < instant(notBefore);
}

/** Fewer minutes than these are of no use to a build: CodeBuild gives no less. */
export const LEAST_MINUTES = 5;

/** What has not begun, and can no more be over by the time that its check promised. */
export function expired(run: Run, now: string): readonly Stage[] {
  return run.stages.filter((stage) => {
    const endsBy = jobOf(run, stage)?.endsBy;
    const isUnbegun = stage.state === "waiting" || stage.state === "ready";
    return endsBy !== undefined && isUnbegun && instant(now) > instant(endsBy) - LEAST_MINUTES * 60;
  });
}

/** Minutes that are left of what the job's check promised; `undefined`: it promised nothing. */
export function minutesLeft(endsBy: string | undefined, now: string): number | undefined {
  return endsBy === undefined ? undefined : Math.floor((instant(endsBy) - instant(now)) / 60);
}
