import { z } from "zod";
import { appView } from "./apps.ts";
import { gitHubTime } from "./commit-object.ts";
import type { Json } from "./fill.ts";
import { issueAt, issueView } from "./issues.ts";
import { nodeId } from "./node-ids.ts";
import {
  actor,
  created,
  noContent,
  ok,
  onRepository,
  page,
  paramNumber,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { maintains } from "./permissions.ts";
import { association } from "./pull-view.ts";
import { reactionSummary } from "./reaction-view.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { Comment, Issue } from "./state.ts";
import { userView } from "./users.ts";
import { appById, repositoryById, userById, type World } from "./world.ts";

const longest = 65_536;
const Text = z.object({ body: z.string().min(1).max(longest) });

const issueOf = (world: World, comment: Comment): Issue =>
  found(world.state.issues.find((issue) => issue.id === comment.issue));

const commentView = (world: World, comment: Comment): Json => {
  const repository = repositoryById(world, comment.repository);
  const issue = issueOf(world, comment);
  const urls = repositoryUrls(world, repository);
  const api = `${urls.api}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url: api,
    html_url: `${urls.html}/${issue.pull ? "pull" : "issues"}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${urls.api}/issues/${issue.number}`,
    body: comment.body,
    user: userView(world, userById(world, comment.author)),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repository, comment.author),
    performed_via_github_app: comment.app === null ? null : appView(world, appById(world, comment.app)),
    reactions: reactionSummary(world, { on: "comment", target: comment.id }, `${api}/reactions`),
  };
};

export const commentAt = (call: RepositoryCall): Comment =>
  found(
    call.world.state.comments.find(
      (comment) =>
        comment.repository === call.repository.id && comment.id === paramNumber(call, "comment_id"),
    ),
  );

const tell = (
  call: RepositoryCall,
  comment: Comment,
  said: { action: string; changes?: Json },
): Promise<void> => {
  const { world, repository } = call;
  const { action, changes } = said;
  const body = {
    ...(changes ? { changes } : {}),
    issue: issueView(world, issueOf(world, comment)),
    comment: commentView(world, comment),
  };
  return world.webhooks.emit(world, { event: "issue_comment", action, body, repository, by: actor(call) });
};

const createComment = async (call: RepositoryCall) => {
  const { world, caller } = call;
  const issue = issueAt(call);
  const now = gitHubTime(world.now());
  const comment: Comment = {
    id: world.nextId(),
    issue: issue.id,
    repository: call.repository.id,
    body: readBody(call, Text, "IssueComment").body,
    author: actor(call).id,
    app: caller.kind === "installation" ? caller.app.id : null,
    createdAt: now,
    updatedAt: now,
  };
  world.state.comments.push(comment);
  issue.updatedAt = now;
  await tell(call, comment, { action: "created" });
  return created(commentView(world, comment));
};

/** Authors change what they wrote; who may write to the repository changes everything, but an app only its own. */
const ownComment = (call: RepositoryCall): Comment => {
  const comment = commentAt(call);
  const own = comment.author === actor(call).id;
  const trusted = call.caller.kind === "person" && maintains(call.repository, call.caller);
  if (!own && !trusted) throw refuse(403, "Must have admin rights to Repository.");
  return comment;
};

const updateComment = async (call: RepositoryCall) => {
  const comment = ownComment(call);
  const from = comment.body;
  comment.body = readBody(call, Text, "IssueComment").body;
  comment.updatedAt = gitHubTime(call.world.now());
  await tell(call, comment, { action: "edited", changes: { body: { from } } });
  return ok(commentView(call.world, comment));
};

const deleteComment = async (call: RepositoryCall) => {
  const comment = ownComment(call);
  const { state } = call.world;
  await tell(call, comment, { action: "deleted" });
  state.comments = state.comments.filter((one) => one.id !== comment.id);
  return noContent();
};

const listComments = (call: RepositoryCall) => {
  const issue = issueAt(call);
  const since = call.url.searchParams.get("since");
  const all = call.world.state.comments
    .filter((comment) => comment.issue === issue.id)
    .filter((comment) => !since || Date.parse(comment.updatedAt) >= Date.parse(since));
  const { items, headers } = page(call, all);
  return ok(
    items.map((comment) => commentView(call.world, comment)),
    headers,
  );
};

const R = "/repos/{owner}/{repo}/issues";

export const commentOperations: readonly Operation[] = [
  onRepository(`GET ${R}/{issue_number}/comments`, "issues:read", listComments),
  onRepository(`POST ${R}/{issue_number}/comments`, "issues:write", createComment),
  onRepository(`GET ${R}/comments/{comment_id}`, "issues:read", (call) =>
    ok(commentView(call.world, commentAt(call))),
  ),
  onRepository(`PATCH ${R}/comments/{comment_id}`, "issues:write", updateComment),
  onRepository(`DELETE ${R}/comments/{comment_id}`, "issues:write", deleteComment),
];
