import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { ok, onRepository, paramNumber, type Operation, type RepositoryCall } from "./operation.ts";
import { association, labelView } from "./pull-view.ts";
import { reactionSummary } from "./reaction-view.ts";
import { found } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { Issue } from "./state.ts";
import { userView } from "./users.ts";
import { repositoryById, userById, type World } from "./world.ts";

/** An issue, or a pull request seen as one. */
export const issueView = (world: World, issue: Issue): Json => {
  const repository = repositoryById(world, issue.repository);
  const urls = repositoryUrls(world, repository);
  const api = `${urls.api}/issues/${issue.number}`;
  const html = `${urls.html}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const pull = issue.pull && {
    url: `${urls.api}/pulls/${issue.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: issue.pull.mergedAt,
  };
  return {
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    number: issue.number,
    title: issue.title,
    state: issue.state,
    body: issue.body,
    url: api,
    html_url: html,
    repository_url: urls.api,
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    user: userView(world, userById(world, issue.author)),
    labels: issue.labels.map((name) => labelView(world, repository, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments: world.state.comments.filter((comment) => comment.issue === issue.id).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(repository, issue.author),
    reactions: reactionSummary(world, { on: "issue", target: issue.id }, `${api}/reactions`),
    performed_via_github_app: null,
    ...(pull ? { pull_request: pull } : {}),
  };
};

export const issueAt = (call: RepositoryCall): Issue =>
  found(
    call.world.state.issues.find(
      (issue) =>
        issue.repository === call.repository.id && issue.number === paramNumber(call, "issue_number"),
    ),
  );

const R = "/repos/{owner}/{repo}/issues/{issue_number}";

export const issueOperations: readonly Operation[] = [
  onRepository(`GET ${R}`, "issues:read", (call) => ok(issueView(call.world, issueAt(call)))),
];
