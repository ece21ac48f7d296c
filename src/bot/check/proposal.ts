import { type Check, cut } from "./check.ts";
import { CONFIG_PATH, type ConfigProblem } from "../config/config.ts";
import type { ProposedPlan } from "../config/plan.ts";
import { problemText } from "../words/config.ts";
import { planSummary, planTitle } from "../words/config-plan.ts";

/** The check on a pull request that changes the rules: green when they can be read. */
export function proposalCheck(pull: number, plan: ProposedPlan): Check {
  const mistakes = "mistakes" in plan ? plan.mistakes : [];
  return cut<Check>({
    name: "millwright:config",
    externalId: `proposal#${pull}`,
    status: "completed",
    conclusion: mistakes.length > 0 ? "failure" : "success",
    title: planTitle(plan),
    summary: planSummary(plan),
    ...(mistakes.length > 0 && { annotations: mistakes.map(remark) }),
  });
}

function remark(problem: ConfigProblem) {
  const { line, column, endLine = line, endColumn } = problem;
  // GitHub takes columns only where a remark is about one line.
  const columns = endLine === line ? { column, ...(endColumn !== undefined && { endColumn }) } : {};
  return {
    path: CONFIG_PATH,
    line,
    endLine,
    ...columns,
    level: "failure" as const,
    message: problemText(problem),
  };
}
