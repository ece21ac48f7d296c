import { appView } from "./apps.ts";
import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { isPull } from "./pull-view.ts";
import { repositoryUrls, repositoryView } from "./repository-view.ts";
import type { CheckRun, CheckSuite, Repository } from "./state.ts";
import { appById, repositoryById, type World } from "./world.ts";

const nothing = "0".repeat(40);

/** The suite of an app for a commit, made when it is first needed. */
export const suiteFor = (
  world: World,
  wanted: { repository: Repository; sha: string; app: number; branch: string | null },
): CheckSuite => {
  const { repository, sha, app, branch } = wanted;
  const held = world.state.suites.find(
    (suite) => suite.repository === repository.id && suite.sha === sha && suite.app === app,
  );
  if (held) return held;
  const suite = {
    id: world.nextId(),
    repository: repository.id,
    sha,
    app,
    branch,
    reset: false,
    createdAt: world.now(),
  };
  world.state.suites.push(suite);
  return suite;
};

export const runsOf = (world: World, suite: CheckSuite): readonly CheckRun[] =>
  world.state.runs.filter((run) => run.suite === suite.id);

/** The newest run of each name. */
export const latestRuns = (runs: readonly CheckRun[]): readonly CheckRun[] => [
  ...new Map(runs.map((run) => [`${run.suite} ${run.name}`, run])).values(),
];

const worstFirst = [
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "neutral",
  "skipped",
  "success",
] as const;

/** A suite is what its newest runs are; one that was asked for again waits. */
export const suiteStatus = (
  world: World,
  suite: CheckSuite,
): { status: string; conclusion: string | null } => {
  const runs = latestRuns(runsOf(world, suite));
  if (suite.reset || runs.length === 0) return { status: "queued", conclusion: null };
  if (!runs.every((run) => run.status === "completed"))
    return {
      status: runs.some((run) => run.status !== "queued") ? "in_progress" : "queued",
      conclusion: null,
    };
  const worst = worstFirst.find((conclusion) => runs.some((run) => run.conclusion === conclusion));
  return { status: "completed", conclusion: worst ?? "success" };
};

/** Open pull requests with this head in the repository itself; GitHub names none for forks. */
export const pullsAt = (world: World, repository: Repository, sha: string): readonly Json[] => {
  const { api } = repositoryUrls(world, repository);
  const repo = { id: repository.id, name: repository.name, url: api };
  return world.state.issues
    .filter(isPull)
    .filter(
      ({ pull, state }) => state === "open" && pull.head === sha && pull.headRepository === repository.id,
    )
    .map(({ pull, number }) => ({
      id: pull.id,
      number,
      url: `${api}/pulls/${number}`,
      head: { ref: pull.headRef, sha, repo },
      base: { ref: pull.baseRef, sha: pull.base, repo },
    }));
};

/** GitHub's description of suites lists the events an app may hear, and has not heard of merge groups. */
const describedApp = (world: World, suite: CheckSuite): Json => {
  const app = appById(world, suite.app);
  return { ...appView(world, app), events: app.events.filter((event) => event !== "merge_group") };
};

/** A check suite as events show it, and answers with their repository besides. */
export const suiteView = async (world: World, suite: CheckSuite): Promise<Json> => {
  const repository = repositoryById(world, suite.repository);
  const { api } = repositoryUrls(world, repository);
  const { author, committer, message, tree } = await world.bare(repository).info(suite.sha);
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    ...suiteStatus(world, suite),
    url: `${api}/check-suites/${suite.id}`,
    before: nothing,
    after: suite.sha,
    pull_requests: pullsAt(world, repository, suite.sha),
    app: describedApp(world, suite),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
    latest_check_runs_count: latestRuns(runsOf(world, suite)).length,
    check_runs_url: `${api}/check-suites/${suite.id}/check-runs`,
    head_commit: {
      id: suite.sha,
      tree_id: tree,
      message,
      timestamp: committer.date,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
  };
};

export const suiteAnswer = async (world: World, suite: CheckSuite): Promise<Json> => ({
  ...(await suiteView(world, suite)),
  repository: repositoryView(world, repositoryById(world, suite.repository)),
});
