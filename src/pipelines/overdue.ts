import type { Run } from "./run.ts";
import type { Stage } from "./stage.ts";

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
