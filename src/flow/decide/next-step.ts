import { type Chain, STEP_MAX } from "../../pipelines/graph/chain.ts";
import { type Asked, dueIn } from "../../pipelines/graph/due.ts";
import { hasEnded } from "../../pipelines/next.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { isOver } from "../../pipelines/stage.ts";
import type { Digest } from "../../ports.ts";
import { graphsFor, recipesIn, type ReadGraphs } from "../graphs.ts";

interface Ports extends ReadGraphs {
  readonly digest: Digest;
}

interface Following {
  /** The newest push that was published: what is built again is built of its commit, as its jobs say. */
  readonly push: Run;
  /** The steps before. */
  readonly steps: readonly Run[];
  readonly chain: Pick<Chain, "begun">;
  readonly channel: string;
}

/** What is built again in the next step. */
export async function nextStep(
  ports: Ports,
  { push, steps, chain, channel }: Following,
): Promise<readonly Work[]> {
  const places = Map.groupBy(push.jobs, ({ target, arch }) => `${target} ${arch}`);
  const work: Work[] = [];
  for (const [place, jobs] of places) {
    const [first] = jobs;
    if (!first) continue;
    const graphs = await graphsFor(ports, first, { own: push.repo.id, channel });
    const recipes = recipesIn(graphs);
    const due = new Map(
      dueIn(recipes, askedIn(steps, place, push), chain.begun).map((one) => [one.path, one]),
    );
    for (const job of jobs) {
      const one = due.get(job.recipe.path);
      if (one) work.push({ ...workOf(job), again: { needs: ports.digest(one.builtWith), after: one.after } });
    }
  }
  return work.slice(0, STEP_MAX);
}

/** By path: what the steps before asked for on a target and arch. */
function askedIn(steps: readonly Run[], place: string, push: Run): ReadonlyMap<string, readonly Asked[]> {
  const all = steps.flatMap((run) =>
    run.jobs
      .filter(({ target, arch }) => `${target} ${arch}` === place)
      .map((job) => ({
        path: job.recipe.path,
        after: job.again?.after ?? {},
        isOpen: isWaitedFor(run, job),
        isOfThis: run.trigger.sha === push.trigger.sha,
      })),
  );
  return Map.groupBy(all, ({ path }) => path);
}

/** Until it has failed, or was published. */
function isWaitedFor(run: Run, { build }: Job): boolean {
  const stages = run.stages.filter(
    ({ name, kind, needs }) =>
      name === build || (kind === "publish" && needs.some((need) => need.stage === build)),
  );
  return stages.some((stage) => !isOver(stage));
}

/** Does a step matter still: is something of it on its way, did something fail, or is it of the newest push? */
export const matters = (run: Run, push: Run): boolean =>
  !hasEnded(run) ||
  run.trigger.sha === push.trigger.sha ||
  run.stages.some(({ state }) => state !== "passed");

/** When it may begin is planned anew. */
function workOf({
  name: _name,
  source: _source,
  build: _build,
  check: _check,
  notBefore: _notBefore,
  endsBy: _endsBy,
  again: _again,
  ...work
}: Job): Work {
  return work;
}
