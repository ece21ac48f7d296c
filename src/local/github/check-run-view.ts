import { appView } from "./apps.ts";
import { pullsAt, suiteView } from "./check-suite-view.ts";
import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { found } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { CheckRun, CheckSuite } from "./state.ts";
import { appById, repositoryById, type World } from "./world.ts";

export const suiteOf = (world: World, run: CheckRun): CheckSuite =>
  found(world.state.suites.find((suite) => suite.id === run.suite));

export const checkRunView = (world: World, run: CheckRun): Json => {
  const suite = suiteOf(world, run);
  const repository = repositoryById(world, suite.repository);
  const { api, html } = repositoryUrls(world, repository);
  const page = `${html}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CheckRun", run.id),
    name: run.name,
    head_sha: suite.sha,
    external_id: run.externalId,
    url: `${api}/check-runs/${run.id}`,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${api}/check-runs/${run.id}/annotations`,
    },
    check_suite: { id: suite.id },
    app: appView(world, appById(world, suite.app)),
    pull_requests: pullsAt(world, repository, suite.sha),
  };
};

/** As events show it: with its suite. */
export const checkRunPayload = async (world: World, run: CheckRun): Promise<Json> => ({
  ...checkRunView(world, run),
  check_suite: await suiteView(world, suiteOf(world, run)),
});
