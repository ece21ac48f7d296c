import { runsOf, suiteAnswer, suiteView } from "./check-suite-view.ts";
import { selectRuns } from "./checks.ts";
import {
  actor,
  created,
  ok,
  onRepository,
  page,
  param,
  paramNumber,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { found } from "./refusal.ts";
import type { CheckSuite, User } from "./state.ts";
import { repositoryById, type World } from "./world.ts";

const suiteAt = (call: RepositoryCall): CheckSuite =>
  found(
    call.world.state.suites.find(
      (suite) => suite.repository === call.repository.id && suite.id === paramNumber(call, "check_suite_id"),
    ),
  );

/** Asks the suite's app to run everything again. */
export const rerequestSuite = async (world: World, suite: CheckSuite, by: User): Promise<void> => {
  suite.reset = true;
  world.touch();
  await world.webhooks.emit(world, {
    event: "check_suite",
    action: "rerequested",
    body: { check_suite: await suiteView(world, suite) },
    repository: repositoryById(world, suite.repository),
    by,
    only: suite.app,
  });
};

const suitesForRef = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const sha = found(await bare.commit(param(call, "ref")));
  const app = call.url.searchParams.get("app_id");
  const all = world.state.suites.filter(
    (suite) => suite.repository === repository.id && suite.sha === sha && (!app || suite.app === Number(app)),
  );
  const { items, headers } = page(call, all);
  const views = await Promise.all(items.map((suite) => suiteAnswer(world, suite)));
  return ok({ total_count: all.length, check_suites: views }, headers);
};

const R = "/repos/{owner}/{repo}";

export const checkSuiteOperations: readonly Operation[] = [
  onRepository(`GET ${R}/commits/{ref}/check-suites`, "checks:read", suitesForRef),
  onRepository(`GET ${R}/check-suites/{check_suite_id}`, "checks:read", async (call) =>
    ok(await suiteAnswer(call.world, suiteAt(call))),
  ),
  onRepository(`GET ${R}/check-suites/{check_suite_id}/check-runs`, "checks:read", (call) =>
    selectRuns(call, runsOf(call.world, suiteAt(call))),
  ),
  onRepository(`POST ${R}/check-suites/{check_suite_id}/rerequest`, "checks:write", async (call) => {
    await rerequestSuite(call.world, suiteAt(call), actor(call));
    return created({});
  }),
];
