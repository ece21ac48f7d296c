import { changes, patches, type Change } from "./diff.ts";
import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { found } from "./refusal.ts";
import { requiredChecks, unmetChecks } from "./required-checks.ts";
import { repositoryUrls, repositoryView } from "./repository-view.ts";
import type { Issue, PullIssue, Repository } from "./state.ts";
import { userView } from "./users.ts";
import { repositoryById, repositoryByName, userById, type World } from "./world.ts";

export const isPull = (issue: Issue): issue is PullIssue => issue.pull !== null;

/** A pull request by the address of its page. */
export const pullByNumber = (
  world: World,
  { owner, name, number }: { owner: string; name: string; number: number },
): PullIssue => {
  const repository = found(repositoryByName(world, owner, name), `there is no repository ${owner}/${name}`);
  return found(
    world.state.issues
      .filter(isPull)
      .find((issue) => issue.repository === repository.id && issue.number === number),
    `there is no pull request ${owner}/${name}#${number}`,
  );
};

export const association = (repository: Repository, author: number): string => {
  if (repository.owner === author) return "OWNER";
  return repository.collaborators[author] ? "COLLABORATOR" : "NONE";
};

export const labelView = (world: World, repository: Repository, name: string): Json => ({
  id: 1,
  node_id: `L_${name}`,
  url: `${repositoryUrls(world, repository).api}/labels/${encodeURIComponent(name)}`,
  name,
  color: "ededed",
  default: false,
  description: null,
});

interface Side {
  readonly ref: string;
  readonly sha: string;
  readonly owner: number;
  readonly repository: Repository | null;
}

const sideView = (world: World, { ref, sha, owner, repository }: Side): Json => {
  const user = userById(world, owner);
  return {
    label: `${user.login}:${ref}`,
    ref,
    sha,
    user: userView(world, user),
    repo: repository && repositoryView(world, repository),
  };
};

const linksOf = (world: World, { number, pull, repository: id }: PullIssue) => {
  const urls = repositoryUrls(world, repositoryById(world, id));
  const api = `${urls.api}/pulls/${number}`;
  const issue = `${urls.api}/issues/${number}`;
  return {
    self: api,
    html: `${urls.html}/pull/${number}`,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${api}/comments`,
    review_comment: `${urls.api}/pulls/comments{/number}`,
    commits: `${api}/commits`,
    statuses: `${urls.api}/statuses/${pull.head}`,
  };
};

const addressesOf = (world: World, issue: PullIssue): Json => {
  const links = linksOf(world, issue);
  return {
    url: links.self,
    html_url: links.html,
    diff_url: `${links.html}.diff`,
    patch_url: `${links.html}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
};

const sidesOf = (world: World, { pull, repository: id }: PullIssue): Json => {
  const repository = repositoryById(world, id);
  const head = pull.headRepository === null ? null : repositoryById(world, pull.headRepository);
  return {
    head: sideView(world, { ref: pull.headRef, sha: pull.head, owner: pull.headOwner, repository: head }),
    base: sideView(world, { ref: pull.baseRef, sha: pull.base, owner: repository.owner, repository }),
  };
};

/** A pull request as lists show it. */
export const pullView = (world: World, issue: PullIssue): Json => {
  const { pull } = issue;
  const repository = repositoryById(world, issue.repository);
  return {
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    number: issue.number,
    ...addressesOf(world, issue),
    state: issue.state,
    locked: false,
    title: issue.title,
    body: issue.body,
    user: userView(world, userById(world, issue.author)),
    labels: issue.labels.map((name) => labelView(world, repository, name)),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    ...sidesOf(world, issue),
    author_association: association(repository, issue.author),
    auto_merge: null,
    draft: pull.draft,
    active_lock_reason: null,
  };
};

/** Where the head left the base: pull requests show what changed since then. */
export const forkPoint = async (world: World, { pull, repository }: PullIssue): Promise<string> =>
  (await world.bare(repositoryById(world, repository)).mergeBase(pull.base, pull.head)) ?? pull.base;

export const pullChanges = async (world: World, issue: PullIssue): Promise<readonly Change[]> =>
  changes(
    world.bare(repositoryById(world, issue.repository)),
    await forkPoint(world, issue),
    issue.pull.head,
  );

export const pullPatches = async (world: World, issue: PullIssue): Promise<ReadonlyMap<string, string>> =>
  patches(
    world.bare(repositoryById(world, issue.repository)),
    await forkPoint(world, issue),
    issue.pull.head,
  );

/** A pull request as `GET` and events show it. */
export const wholePullView = async (world: World, issue: PullIssue): Promise<Json> => {
  const { pull } = issue;
  const bare = world.bare(repositoryById(world, issue.repository));
  const list = await pullChanges(world, issue);
  const { ahead } = await bare.distance(pull.base, pull.head);
  const sum = (key: "additions" | "deletions"): number =>
    list.reduce((total, change) => total + change[key], 0);
  return {
    ...pullView(world, issue),
    merged: pull.mergedAt !== null,
    merged_by: pull.mergedBy === null ? null : userView(world, userById(world, pull.mergedBy)),
    mergeable: issue.state === "open" ? pull.mergeable : null,
    rebaseable: null,
    mergeable_state: mergeableState(world, issue),
    comments: world.state.comments.filter((comment) => comment.issue === issue.id).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: ahead,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: list.length,
  };
};

const mergeableState = (world: World, { state, pull, repository: id }: PullIssue): string => {
  if (state === "closed" || pull.mergeable === null) return "unknown";
  if (!pull.mergeable) return "dirty";
  if (pull.draft) return "draft";
  const repository = repositoryById(world, id);
  const checks = requiredChecks(world, repository, { branch: pull.baseRef, sha: pull.head });
  return unmetChecks(checks) ? "blocked" : "clean";
};
