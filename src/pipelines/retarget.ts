import type { Run } from "./run.ts";
import { reopened, settled } from "./settled.ts";
import { isOver } from "./stage.ts";

/** Is anything of it waiting, under way or still being stopped? */
export const isBusy = ({ stages }: Pick<Run, "stages">): boolean =>
  stages.some((stage) => !isOver(stage) || stage.endedAt === undefined);

/**
 * The same commit is to be merged into another branch: nothing that was built of it counts any more. Heard only when
 * what was begun for the old branch has stopped.
 */
export function retarget(
  { superseded, ...run }: Run,
  { at, base, branch }: { readonly at: string; readonly base: string; readonly branch: string },
): Run | undefined {
  const { trigger } = run;
  if (trigger.kind !== "pull" || trigger.branch === branch || isBusy(run)) return undefined;
  const stages = settled(run.stages.map((stage) => reopened(stage))).map((stage) =>
    stage.state === "ready" ? { ...stage, readyAt: at } : stage,
  );
  return { ...run, trigger: { ...trigger, base, branch }, stages, rev: run.rev + 1 };
}
