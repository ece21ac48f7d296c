import type { Estimate } from "../../pipelines/order/estimate.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { isOver } from "../../pipelines/stage.ts";
import type { Wait } from "../check/check.ts";
import { code } from "../markdown/markdown.ts";
import { about } from "./duration.ts";

interface Outlook {
  readonly waits: ReadonlyMap<string, Wait>;
  readonly estimate: Estimate;
}

/** What `/eta` is answered: when all that is waited for will be over, and what each job waits for. */
export function eta(run: Run, { waits, estimate }: Outlook): string {
  const open = run.jobs.filter(({ build }) => run.stages.some((one) => one.name === build && !isOver(one)));
  if (open.length === 0) return "All builds are over.";
  const all =
    estimate.run === undefined
      ? "Nobody knows yet: not all of these have passed here before."
      : `All that is required is over in ${about(estimate.run)}, going by earlier builds.`;
  return [all, "", ...open.slice(0, 30).map((job) => `- ${line(job, { waits, estimate })}`)].join("\n");
}

function line(job: Job, { waits, estimate }: Outlook): string {
  const seconds = estimate.jobs.get(job.name);
  const wait = waits.get(job.build) ?? waits.get(job.source);
  const how = seconds === undefined ? "no build of it has passed here yet" : `over in ${about(seconds)}`;
  return `${code(job.name)}: ${how}${wait ? `; ${inLine(wait)}` : ""}`;
}

/** Where something stands that waits for a builder. */
export const inLine = ({ before, seconds }: Wait): string =>
  `${before === 0 ? "next in line" : before > 20 ? "more than 20 before it" : `${before} before it`}, ${about(seconds)} to wait`;
