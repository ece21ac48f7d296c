import { aboutOf } from "../../bot/check/about.ts";
import type { BotEvent, RepoRef } from "../../bot/events.ts";
import { ledger } from "../../bot/words/ledger.ts";
import { stagesOf } from "../../pipelines/job-stages.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import { comeAgain, isTurned, type Turned } from "../decide/come-again.ts";
import { decideBranch } from "../decide/branch.ts";
import type { Outcome } from "../decide/ports.ts";
import { decidePull } from "../decide/pull.ts";
import type { PromotionPorts } from "../decide/promotion.ts";
import { decideQueue } from "../decide/queue.ts";
import { decideTag } from "../decide/tag.ts";
import { allStages, reopen, retries } from "../decide/retry.ts";

type Asked = Extract<BotEvent, { kind: "rerun-asked" }>;

/** "Re-run" on a check: GitHub offers it to people who may write, so it needs no further leave. */
export async function askRerun(
  ports: PromotionPorts,
  { repo, externalId, sha }: Omit<Asked, "kind">,
): Promise<Outcome> {
  if (aboutOf(externalId)) return decideAnew(ports, { repo, externalId, sha });
  const [id = "", ...rest] = externalId.split("#");
  const record = await ports.runs.read(runKey(id));
  // The external id comes back from GitHub, but the record says whose run it is.
  if (!record || record.value.repo.id !== repo.id || record.value.superseded)
    return { because: ledger.noRun };
  const run = record.value;
  if (isTurned(run)) return tryAgain(ports, repo, run);
  await reopen(ports, id, retries(run, stagesBehind(run, rest.join("#")), ports.clock()));
  return { because: ledger.rerun, run: id };
}

/** A release that did not come to its channel comes in its turn, as when it was asked for first. */
async function tryAgain(ports: PromotionPorts, repo: RepoRef, run: Turned): Promise<Outcome> {
  const taken = await comeAgain(ports, repo, run);
  return "release" in taken ? { because: ledger.rerun, run: run.id } : { because: ledger.outrun };
}

/** The stages behind a check; all of them behind the one that speaks for the run. */
function stagesBehind(run: Run, about: string): readonly string[] {
  const job = run.jobs.find(({ name }) => name === about);
  if (job) return stagesOf(job);
  return about === "" ? allStages(run) : [about];
}

/** Nothing but a run has a run behind it: what it spoke of is judged once more. */
async function decideAnew(
  ports: PromotionPorts,
  { repo, externalId, sha }: { repo: RepoRef; externalId: string; sha: string },
): Promise<Outcome> {
  const about = aboutOf(externalId);
  switch (about?.kind) {
    case "pull":
      return decidePull(ports, { kind: "pull-changed", repo, number: about.number });
    case "branch":
      return decideBranch(ports, { kind: "branch-pushed", repo, branch: about.branch });
    case "tag":
      return decideTag(ports, { repo, tag: about.tag });
    case "queue":
      return decideQueue(ports, { ...about, kind: "queue-asked", repo, sha });
    case undefined:
      return { because: ledger.noRun };
    default:
      return about satisfies never;
  }
}

/** "Re-run all checks": each run and each notice that speaks of the commit. */
export async function askSuiteRerun(
  ports: PromotionPorts,
  { repo, sha }: Extract<BotEvent, { kind: "suite-rerun-asked" }>,
): Promise<Outcome> {
  const shown = await ports.github.shown(repo, sha);
  const runs = new Set(shown.map(({ check }) => idOf(check.externalId)));
  let outcome: Outcome = { because: ledger.noRun };
  for (const externalId of runs) {
    const one = await askRerun(ports, { repo, externalId, sha });
    if (one.run !== undefined || outcome.run === undefined) outcome = one;
  }
  return outcome;
}

/** What speaks for the whole run of a check, or the notice itself. */
const idOf = (externalId: string): string =>
  aboutOf(externalId) ? externalId : `${externalId.split("#")[0]}#`;
