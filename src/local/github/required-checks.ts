import type { CheckRun, Repository } from "./state.ts";
import type { World } from "./world.ts";

type Standing = "green" | "red" | "waiting" | "expected";

/** A check that a protected branch asks for. `expected`: nobody has reported it yet. */
export interface RequiredCheck {
  readonly name: string;
  readonly standing: Standing;
}

const passing = new Set(["success", "neutral", "skipped"]);

const standingOfRun = ({ status, conclusion }: CheckRun): Standing => {
  if (status !== "completed") return "waiting";
  return passing.has(conclusion ?? "") ? "green" : "red";
};

const standingOfStatus = (state: string): Standing => {
  if (state === "success") return "green";
  return state === "pending" ? "waiting" : "red";
};

/** The newest word on a name at a commit: that of a check run, or of a status. */
const standingOf = (world: World, at: { repository: Repository; sha: string }, name: string): Standing => {
  const here = (one: { repository: number; sha: string }): boolean =>
    one.repository === at.repository.id && one.sha === at.sha;
  const suites = new Set(world.state.suites.filter(here).map(({ id }) => id));
  const run = world.state.runs.findLast((one) => suites.has(one.suite) && one.name === name);
  if (run) return standingOfRun(run);
  const status = world.state.statuses.findLast((one) => here(one) && one.context === name);
  return status ? standingOfStatus(status.state) : "expected";
};

/** How the checks that a branch asks for stand at a commit. */
export const requiredChecks = (
  world: World,
  repository: Repository,
  { branch, sha }: { branch: string; sha: string },
): readonly RequiredCheck[] =>
  (repository.rules?.[branch]?.checks ?? []).map((name) => ({
    name,
    standing: standingOf(world, { repository, sha }, name),
  }));

const words: Readonly<Record<Standing, string>> = {
  green: "successful",
  red: "failing",
  waiting: "in progress",
  expected: "expected",
};

/** Why a merge is refused, in GitHub's words; undefined where all are green. */
export const unmetChecks = (checks: readonly RequiredCheck[]): string | undefined => {
  const unmet = checks.filter(({ standing }) => standing !== "green");
  const [first] = unmet;
  if (!first) return undefined;
  if (unmet.length === 1) return `Required status check "${first.name}" is ${words[first.standing]}.`;
  const counts = (["expected", "waiting", "red"] as const)
    .map((kind) => ({ kind, count: unmet.filter(({ standing }) => standing === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${words[kind]}`);
  return `${unmet.length} of ${checks.length} required status checks have not succeeded: ${counts.join(" and ")}.`;
};
