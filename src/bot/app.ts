import type { Probot } from "probot";
import { NOT_INSTALLED, repoOf } from "./app-repo.ts";
import type { BotEvent, RepoRef } from "./events.ts";
import { ledger } from "./words/ledger.ts";

/** The Probot app: hears GitHub and passes on, in our own words, what concerns us. */
export function app(pass: (event: BotEvent) => void) {
  return (probot: Probot): void => {
    probot.on(
      ["pull_request.opened", "pull_request.synchronize", "pull_request.reopened", "pull_request.closed"],
      ({ payload }) => {
        const kind = payload.action === "closed" ? "pull-closed" : "pull-changed";
        const repo = repoOf(payload);
        pass(repo ? { kind, repo, number: payload.pull_request.number } : NOT_INSTALLED);
      },
    );
    probot.on("pull_request.edited", ({ payload }) => {
      const repo = repoOf(payload);
      if (!repo) return pass(NOT_INSTALLED);
      // A title may change as it likes; another base is another merge.
      if (!payload.changes.base) return pass({ kind: "ignored", because: ledger.onlyWords });
      return pass({ kind: "pull-changed", repo, number: payload.pull_request.number });
    });
    probot.on("push", ({ payload }) => {
      const repo = repoOf(payload);
      if (!repo) return pass(NOT_INSTALLED);
      if (payload.ref.startsWith(TAGS)) {
        if (payload.deleted) return pass({ kind: "ignored", because: ledger.deletedTag });
        return pass(tagOf(repo, payload.ref.slice(TAGS.length), payload));
      }
      if (!payload.ref.startsWith(HEADS)) return pass({ kind: "ignored", because: ledger.otherRef });
      if (payload.deleted) return pass({ kind: "ignored", because: ledger.deleted });
      return pass({ kind: "branch-pushed", repo, branch: payload.ref.slice(HEADS.length) });
    });
    probot.on("release.published", ({ payload }) =>
      pass(tagOf(repoOf(payload), payload.release.tag_name, payload)),
    );
    listenToQueue(probot, pass);
    listenToComments(probot, pass);
    listenToChecks(probot, pass);
  };
}

const HEADS = "refs/heads/";
const TAGS = "refs/tags/";

/** Tags and Releases name what is to be promoted. People make them: what a bot makes, be it ourselves, starts nothing. */
function tagOf(
  repo: RepoRef | undefined,
  tag: string,
  { sender }: { readonly sender?: { readonly type: string } | undefined },
): BotEvent {
  if (!repo) return NOT_INSTALLED;
  if (sender?.type !== "User") return { kind: "ignored", because: ledger.notPerson };
  return { kind: "tag-pushed", repo, tag };
}

function listenToQueue(probot: Probot, pass: (event: BotEvent) => void): void {
  probot.on(["merge_group.checks_requested", "merge_group.destroyed"], ({ payload }) => {
    const repo = payload.repository && repoOf({ ...payload, repository: payload.repository });
    if (!repo) return pass(NOT_INSTALLED);
    const { head_sha: sha, base_sha: base, base_ref } = payload.merge_group;
    const branch = base_ref.startsWith(HEADS) ? base_ref.slice(HEADS.length) : base_ref;
    if (payload.action === "destroyed") return pass({ kind: "queue-left", repo, sha, branch });
    return pass({ kind: "queue-asked", repo, sha, base, branch });
  });
}

/** New comments by people only: an edited one was read by others before it said what it says now. */
function listenToComments(probot: Probot, pass: (event: BotEvent) => void): void {
  probot.on("issue_comment.created", ({ payload }) => {
    const repo = repoOf(payload);
    const { comment, issue } = payload;
    if (!repo) return pass(NOT_INSTALLED);
    if (!issue.pull_request) return pass({ kind: "ignored", because: ledger.notPull });
    if (!comment.user || comment.user.type !== "User")
      return pass({ kind: "ignored", because: ledger.notPerson });
    const { id, login } = comment.user;
    const said = { comment: comment.id, at: comment.created_at, by: { id, login }, body: comment.body };
    return pass({ kind: "commented", repo, number: issue.number, ...said });
  });
}

/** "Re-run" of a check or of all, and the buttons on our checks. GitHub offers them to people who may write. */
function listenToChecks(probot: Probot, pass: (event: BotEvent) => void): void {
  probot.on("check_run.rerequested", ({ payload }) => {
    const repo = repoOf(payload);
    const { external_id: externalId, head_sha: sha } = payload.check_run;
    if (!repo || !externalId) return pass(repo ? NOT_OURS : NOT_INSTALLED);
    return pass({ kind: "rerun-asked", repo, externalId, sha });
  });
  probot.on("check_suite.rerequested", ({ payload }) => {
    const repo = repoOf(payload);
    pass(repo ? { kind: "suite-rerun-asked", repo, sha: payload.check_suite.head_sha } : NOT_INSTALLED);
  });
  probot.on("check_run.requested_action", ({ payload }) => {
    const repo = repoOf(payload);
    const { external_id: externalId, head_sha: sha } = payload.check_run;
    const button = payload.requested_action?.identifier;
    if (!repo || !externalId || !button) return pass(repo ? NOT_OURS : NOT_INSTALLED);
    const { id, login } = payload.sender;
    return pass({ kind: "button-pressed", repo, sha, externalId, button, by: { id, login } });
  });
}

const NOT_OURS = { kind: "ignored", because: ledger.notOurCheck } as const;
