import { checkRunPayload, checkRunView, suiteOf } from "./check-run-view.ts";
import { applyInput, blankRun } from "./check-run-change.ts";
import { ChangedCheckRun, NewCheckRun } from "./check-run-input.ts";
import { latestRuns, suiteFor, suiteStatus, suiteView } from "./check-suite-view.ts";
import { gitHubTime } from "./commit-object.ts";
import {
  actor,
  created,
  ok,
  onRepository,
  page,
  param,
  paramNumber,
  readBody,
  type Call,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { isPull } from "./pull-view.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { CheckRun } from "./state.ts";
import type { App } from "./world.ts";

const writer = ({ caller }: Call): App => {
  if (caller.kind !== "installation") throw refuse(403, "You must authenticate via a GitHub App.");
  return caller.app;
};

const runAt = (call: RepositoryCall): CheckRun => {
  const run = found(call.world.state.runs.find(({ id }) => id === paramNumber(call, "check_run_id")));
  return found(suiteOf(call.world, run).repository === call.repository.id ? run : undefined);
};

const createRun = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const app = writer(call);
  const { head_sha: sha, ...input } = readBody(call, NewCheckRun, "CheckRun");
  if ((await bare.objects.info(sha))?.type !== "commit") throw refuse(422, `No commit found for SHA: ${sha}`);
  const now = gitHubTime(world.now());
  const draft = blankRun(world.nextId(), now);
  applyInput(draft, input, now);
  const suite = suiteFor(world, { repository, sha, app: app.id, branch: branchAt(call, sha) });
  suite.reset = false;
  const run: CheckRun = { ...draft, suite: suite.id };
  world.state.runs.push(run);
  await tell(call, run, "created");
  if (run.status === "completed") await tellCompletion(call, run);
  return created(checkRunView(world, run));
};

/** The branch a commit is known by: that of a pull request of the repository itself; of forks GitHub names none. */
const branchAt = ({ world, repository }: RepositoryCall, sha: string): string | null =>
  world.state.issues
    .filter(isPull)
    .find(({ pull }) => pull.head === sha && pull.headRepository === repository.id)?.pull.headRef ?? null;

const updateRun = async (call: RepositoryCall) => {
  const { world } = call;
  const app = writer(call);
  const run = runAt(call);
  const suite = suiteOf(world, run);
  if (suite.app !== app.id)
    throw refuse(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  const before = run.status;
  applyInput(run, readBody(call, ChangedCheckRun, "CheckRun"), gitHubTime(world.now()));
  suite.reset = false;
  if (before !== "completed" && run.status === "completed") await tellCompletion(call, run);
  return ok(checkRunView(world, run));
};

const tell = async (call: RepositoryCall, run: CheckRun, action: string): Promise<void> => {
  const { world, repository } = call;
  await world.webhooks.emit(world, {
    event: "check_run",
    action,
    body: { check_run: await checkRunPayload(world, run) },
    repository,
    by: actor(call),
    only: suiteOf(world, run).app,
  });
};

const tellCompletion = async (call: RepositoryCall, run: CheckRun): Promise<void> => {
  const { world, repository } = call;
  await tell(call, run, "completed");
  const suite = suiteOf(world, run);
  if (suiteStatus(world, suite).status !== "completed") return;
  await world.webhooks.emit(world, {
    event: "check_suite",
    action: "completed",
    body: { check_suite: await suiteView(world, suite) },
    repository,
    by: actor(call),
    only: suite.app,
  });
};

/** Resets the suite and not the run: answering is the app's part. */
const rerequest = async (call: RepositoryCall) => {
  const run = runAt(call);
  suiteOf(call.world, run).reset = true;
  await tell(call, run, "rerequested");
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
  const { items, headers } = page(call, runAt(call).annotations);
  const { html } = repositoryUrls(call.world, call.repository);
  const absent = { start_column: null, end_column: null, title: null, raw_details: null };
  return ok(
    items.map((annotation) => ({
      ...absent,
      blob_href: `${html}/blob/HEAD/${annotation.path}`,
      ...annotation,
    })),
    headers,
  );
};

const R = "/repos/{owner}/{repo}";

export const checkOperations: readonly Operation[] = [
  onRepository(`POST ${R}/check-runs`, "checks:write", createRun),
  onRepository(`GET ${R}/check-runs/{check_run_id}`, "checks:read", (call) =>
    ok(checkRunView(call.world, runAt(call))),
  ),
  onRepository(`PATCH ${R}/check-runs/{check_run_id}`, "checks:write", updateRun),
  onRepository(`GET ${R}/check-runs/{check_run_id}/annotations`, "checks:read", listAnnotations),
  onRepository(`POST ${R}/check-runs/{check_run_id}/rerequest`, "checks:write", rerequest),
  onRepository(`GET ${R}/commits/{ref}/check-runs`, "checks:read", runsForRef),
];
