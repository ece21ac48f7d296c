import { CONFIG_PATH, type Config, type ConfigProblem, readConfig } from "../../bot/config/config.ts";
import { proposedPlan } from "../../bot/config/plan.ts";
import type { RepoRef } from "../../bot/events.ts";
import { proposalCheck } from "../../bot/check/proposal.ts";
import type { Pull } from "../../bot/pull.ts";
import type { Upstreams } from "../../ports.ts";
import type { DecidePorts } from "./ports.ts";
import { inPlaceOf, writeCheck } from "../tell/write-checks.ts";

/** A pull request that changes the rules is told what they would give, or where they are wrong. Nothing of them holds. */
export async function proposeConfig(
  ports: DecidePorts,
  { repo, pull, current }: { repo: RepoRef; pull: Pull; current: Config | readonly ConfigProblem[] },
): Promise<void> {
  const { github, deployment, upstreams, clock } = ports;
  const { sha, base } = pull;
  const changed = await github.changed(repo, base.sha, sha);
  if (changed === "too-many" || !changed.includes(CONFIG_PATH)) return;
  const [text, paths, shown] = await Promise.all([
    github.file(repo, CONFIG_PATH, sha),
    github.paths(repo, sha),
    github.shown(repo, sha),
  ]);
  const proposed = readConfig(text ?? "", { ...deployment, groupsOf: groupsBy(upstreams) }, clock());
  const plan = proposedPlan({ current, proposed, deployment, repo, paths });
  const check = proposalCheck(pull.number, plan);
  const was = shown.findLast((one) => one.check.externalId === check.externalId);
  if (was?.check.summary === check.summary && was.check.title === check.title) return;
  await writeCheck(ports, { at: repo, sha }, inPlaceOf(was, check));
}

/** Beside an empty alternative an expression finds the empty text, and tells its groups: the text itself, and its own. */
const groupsBy =
  ({ expression }: Pick<Upstreams, "expression">) =>
  (pattern: string): number | undefined =>
    expression(pattern) && (expression(`(?:${pattern})|`)?.("")?.length ?? 1) - 1;
