import { checkRunView, suiteOf } from "./check-run-view.ts";
import { ChangedCheckRun, NewCheckRun } from "./check-run-input.ts";
import { createRun, rerequestRun, updateRun, type CheckWriter } from "./check-run-writes.ts";
import { latestRuns } from "./check-suite-view.ts";
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
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import { readRequest } from "./request-shape.ts";
import type { CheckRun } from "./state.ts";

/** Only an app may write checks. */
const checkWriter = (call: RepositoryCall): CheckWriter => {
  const { caller, world, repository, bare } = call;
  if (caller.kind !== "installation") throw refuse(403, "You must authenticate via a GitHub App.");
  return { world, repository, bare, app: caller.app, by: actor(call) };
};

const runAt = (call: RepositoryCall): CheckRun => {
  const run = found(call.world.state.runs.find(({ id }) => id === paramNumber(call, "check_run_id")));
  return found(suiteOf(call.world, run).repository === call.repository.id ? run : undefined);
};

const create = async (call: RepositoryCall) => {
  const run = await createRun(checkWriter(call), readRequest(NewCheckRun, call.body));
  return created(checkRunView(call.world, run));
};

const update = async (call: RepositoryCall) => {
  const writer = checkWriter(call);
  const run = await updateRun(writer, runAt(call), readRequest(ChangedCheckRun, call.body));
  return ok(checkRunView(call.world, run));
};

const rerequest = async (call: RepositoryCall) => {
  await rerequestRun(call.world, runAt(call), actor(call));
  return created({});
};

/** Runs of a list, narrowed as the query asks. */
export const selectRuns = (call: RepositoryCall, runs: readonly CheckRun[]) => {
  const { searchParams: query } = call.url;
  const { world } = call;
  const latest = (query.get("filter") ?? "latest") === "latest" ? latestRuns(runs) : runs;
  const wanted = latest
    .filter((run) => !query.has("check_name") || run.name === query.get("check_name"))
    .filter((run) => !query.has("status") || run.status === query.get("status"))
    .filter((run) => !query.has("app_id") || suiteOf(world, run).app === Number(query.get("app_id")));
  const { items, headers } = page(call, wanted.toReversed());
  return ok(
    { total_count: wanted.length, check_runs: items.map((run) => checkRunView(world, run)) },
    headers,
  );
};

const runsForRef = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const name = param(call, "ref");
  const sha = await bare.commit(name);
  if (!sha) throw refuse(422, `No commit found for SHA: ${name}`);
  const suites = world.state.suites.filter(
    (suite) => suite.repository === repository.id && suite.sha === sha,
  );
  const ids = new Set(suites.map((suite) => suite.id));
  return selectRuns(
    call,
    world.state.runs.filter((run) => ids.has(run.suite)),
  );
};

const listAnnotations = (call: RepositoryCall) => {
  const run = runAt(call);
  const { items, headers } = page(call, run.annotations);
  const { html } = repositoryUrls(call.world, call.repository);
  const absent = { start_column: null, end_column: null, title: null, raw_details: null };
  return ok(
    items.map((annotation) => ({
      ...absent,
      blob_href: `${html}/blob/${suiteOf(call.world, run).sha}/${annotation.path}`,
      ...annotation,
    })),
    headers,
  );
};

const R = "/repos/{owner}/{repo}";

export const checkOperations: readonly Operation[] = [
  onRepository(`POST ${R}/check-runs`, "checks:write", create),
  onRepository(`GET ${R}/check-runs/{check_run_id}`, "checks:read", (call) =>
    ok(checkRunView(call.world, runAt(call))),
  ),
  onRepository(`PATCH ${R}/check-runs/{check_run_id}`, "checks:write", update),
  onRepository(`GET ${R}/check-runs/{check_run_id}/annotations`, "checks:read", listAnnotations),
  onRepository(`POST ${R}/check-runs/{check_run_id}/rerequest`, "checks:write", rerequest),
  onRepository(`GET ${R}/commits/{ref}/check-runs`, "checks:read", runsForRef),
];
