import { differences } from "../../pipelines/difference.ts";
import type { Run } from "../../pipelines/run.ts";
import { isHeld } from "../../pipelines/settled.ts";
import { attemptId, isOver } from "../../pipelines/stage.ts";
import { acceptButton, dropButton } from "./buttons.ts";
import type { Check, Telling } from "./check.ts";
import { asTested, type Differing, differingList, toAccept } from "../words/holds.ts";
import { differenceList } from "../words/promotion.ts";

/** The check of a promotion holds what is shipped against what was tested, and asks a committer where that differs. */
export function withDifference(check: Check, run: Run, telling: Telling): Check {
  const { trigger } = run;
  const isBuilding = run.stages.some((stage) => stage.kind === "build" && !isOver(stage));
  if (trigger.kind !== "promotion") return check;
  const differing = differingJobs(run, telling);
  const isAsked = run.stages.some((stage) => isHeld(stage, run));
  const said = [
    check.summary,
    ...(isAsked ? [toAccept(trigger)] : []),
    ...(differing.length > 0 ? [differingList(differing)] : []),
    ...(trigger.way === "content" ? [asTested] : []),
    ...(telling.tested && !isBuilding && trigger.way !== "content"
      ? byName(telling.tested, run, differing)
      : []),
  ];
  const buttons = isAsked ? { buttons: [acceptButton, dropButton] } : {};
  return { ...check, summary: said.join("\n\n"), ...buttons };
}

/** Packages by name and version: of jobs of which more is known it has been said. */
function byName(tested: Run, run: Run, differing: readonly Differing[]): readonly string[] {
  const told = new Set(differing.filter(({ differs }) => !differs.unlisted).map(({ job }) => job));
  const others = differences(tested, run).filter(({ job }) => !told.has(job));
  return others.length > 0 || differing.length === 0 ? [differenceList(others)] : [];
}

function differingJobs(run: Run, { differenceUrl }: Telling): readonly Differing[] {
  return run.jobs.flatMap(({ name: job, build }) => {
    const stage = run.stages.find(({ name }) => name === build);
    const differs = stage?.differs;
    if (!stage || !differs) return [];
    const attempt = attemptId({ run: run.id, stage: build, attempt: stage.attempt });
    return [{ job, differs, url: differs.whole && differenceUrl?.(attempt) }];
  });
}
