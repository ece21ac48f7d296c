import { gitHubTime } from "./commit-object.ts";
import { pushBody } from "./push-event.ts";
import { suiteFor, suiteView } from "./check-suite-view.ts";
import { refreshMerge } from "./merge-refs.ts";
import { covers } from "./permissions.ts";
import { isPull } from "./pull-view.ts";
import type { PullIssue, Repository, User } from "./state.ts";
import { tellPull } from "./tell-pull.ts";
import { repositoryById, type World } from "./world.ts";

export interface RefMove {
  readonly repository: Repository;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly by: User;
}

/** What follows when a branch or tag was made, moved or deleted: events, pull requests, merge refs, check suites. */
export const refMoved = async (world: World, move: RefMove): Promise<void> => {
  const { repository, ref, before, after, by } = move;
  const found = /^refs\/(heads|tags)\/(.+)$/.exec(ref);
  if (!found?.[2] || before === after) return;
  const short = found[2];
  const type = found[1] === "tags" ? "tag" : "branch";
  repository.pushedAt = gitHubTime(world.now());
  world.touch();
  const facts = { ref: short, ref_type: type, pusher_type: "user" };
  if (!before) {
    const body = { ...facts, master_branch: repository.defaultBranch, description: null };
    await world.webhooks.emit(world, { event: "create", body, repository, by });
  }
  if (!after) await world.webhooks.emit(world, { event: "delete", body: facts, repository, by });
  await world.webhooks.emit(world, { event: "push", body: await pushBody(world, move), repository, by });
  if (type === "branch") await branchMoved(world, move, short);
};

const branchMoved = async (world: World, move: RefMove, branch: string): Promise<void> => {
  const { repository, after, by } = move;
  for (const issue of world.state.issues.filter(isPull)) {
    if (issue.state !== "open") continue;
    const { pull } = issue;
    if (pull.headRepository === repository.id && pull.headRef === branch) await headMoved(world, issue, move);
    else if (after && issue.repository === repository.id && pull.baseRef === branch)
      await baseMoved(world, issue, by);
  }
  if (after) await requestSuites(world, { repository, sha: after, branch, by });
};

const headMoved = async (world: World, issue: PullIssue, { after, by }: RefMove): Promise<void> => {
  const before = issue.pull.head;
  if (!after) return closePull(world, issue, by);
  if (after === before) return;
  issue.pull.head = after;
  issue.updatedAt = gitHubTime(world.now());
  await refreshMerge(world, issue);
  const more = { before, after };
  await tellPull(world, issue, { action: "synchronize", by, more, from: before, to: after });
};

/** A head that the base has come to hold counts as merged. */
const baseMoved = async (world: World, issue: PullIssue, by: User): Promise<void> => {
  const bare = world.bare(repositoryById(world, issue.repository));
  const tip = await bare.ref(`refs/heads/${issue.pull.baseRef}`);
  if (!tip || (await bare.mergeBase(tip, issue.pull.head)) !== issue.pull.head)
    return refreshMerge(world, issue);
  issue.pull.mergedAt = gitHubTime(world.now());
  issue.pull.mergedBy = by.id;
  issue.pull.mergeSha = tip;
  await closePull(world, issue, by);
};

/** Closes a pull request, merged or not, and says so. */
export const closePull = async (world: World, issue: PullIssue, by: User): Promise<void> => {
  issue.state = "closed";
  issue.closedAt = gitHubTime(world.now());
  issue.updatedAt = issue.closedAt;
  await tellPull(world, issue, { action: "closed", by, to: issue.pull.mergedAt ? "merged" : undefined });
};

interface Pushed {
  readonly repository: Repository;
  readonly sha: string;
  readonly branch: string;
  readonly by: User;
}

/** Apps that may write checks get a suite for every push. */
const requestSuites = async (world: World, { repository, sha, branch, by }: Pushed): Promise<void> => {
  for (const installation of world.state.installations) {
    const app = world.apps.get(installation.app);
    if (app?.permissions["checks"] !== "write" || !covers(installation, repository)) continue;
    const suite = suiteFor(world, { repository, sha, app: app.id, branch });
    await world.webhooks.emit(world, {
      event: "check_suite",
      action: "requested",
      body: { check_suite: await suiteView(world, suite) },
      repository,
      by,
      only: app.id,
    });
  }
};
