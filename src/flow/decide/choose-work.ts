import type { Config } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import { targetsOf } from "../../bot/work/targets.ts";
import { leftTreeless } from "../../bot/words/left.ts";
import { leftTooLong } from "../../bot/words/forecast.ts";
import type { Notice } from "../../bot/words/notices.ts";
import type { Choosing } from "../../bot/work/work.ts";
import { predicted } from "../../pipelines/order/forecast.ts";
import { historyKey } from "../../pipelines/order/history.ts";
import { planAdvisory } from "../../pipelines/plan-advisory.ts";
import { jobName, type Work } from "../../pipelines/plan.ts";
import type { Run, Trigger } from "../../pipelines/run.ts";
import type { DecidePorts } from "./ports.ts";
import { readDescriptions } from "./read-descriptions.ts";
import { readTreefiles } from "./read-treefiles.ts";

interface Asking {
  readonly repo: RepoRef;
  readonly trigger: Trigger;
  readonly config: Config;
  readonly leave?: Run["leave"] | undefined;
}

/** All that is needed to choose what of a commit is built; or why the rules ask for nothing that can be. */
export async function readCommit(
  { github, deployment }: DecidePorts,
  { repo, trigger, config, leave }: Asking,
): Promise<Choosing | { readonly refusal: Notice }> {
  const wanted = targetsOf(config, deployment);
  if ("refusal" in wanted) return wanted;
  const [paths, changed] = await Promise.all([
    github.paths(repo, trigger.sha),
    // A push is published: what an earlier one failed to build is not in the channel yet.
    "base" in trigger ? github.changed(repo, trigger.base, trigger.sha) : ("too-many" as const),
  ]);
  const described = await readDescriptions(github, { repo, sha: trigger.sha, paths, config });
  const trees = await readTreefiles(github, { repo, sha: trigger.sha, paths });
  return { config, deployment, targets: wanted.targets, paths, changed, described, trees, leave };
}

/** With how long each is expected to take, and when what is advisory may begin; what would take too long is left. */
export async function forecastWork(
  ports: Pick<DecidePorts, "histories" | "deployment" | "clock">,
  repo: Pick<RepoRef, "id">,
  work: readonly Work[],
): Promise<Pick<Run, "left"> & { readonly work: readonly Work[] }> {
  const all = await withExpected(ports, repo, work);
  const planned = planAdvisory(all, ports.deployment.advisory, ports.clock());
  const treeless = planned.treeless.map((one) => ({ what: jobName(one), because: leftTreeless }));
  return { work: planned.work, left: [...planned.tooLong.map(leftTooLong), ...treeless] };
}

/** With how long each is expected to take, by the history of its recipe. */
async function withExpected(
  { histories, deployment }: Pick<DecidePorts, "histories" | "deployment">,
  repo: Pick<RepoRef, "id">,
  work: readonly Work[],
): Promise<readonly Work[]> {
  const paths = [...new Set(work.map(({ recipe }) => recipe.path))];
  const known = new Map(
    await Promise.all(
      paths.map(async (path) => [path, (await histories.read(historyKey(repo.id, path)))?.value] as const),
    ),
  );
  return work.map((one) => {
    const history = known.get(one.recipe.path);
    const takes = history && predicted(history, one, deployment.emulation);
    return takes === undefined ? one : { ...one, expected: takes };
  });
}
