import { z } from "zod";
import { mergeTree, writeCommit, writeRef } from "./bare-write.ts";
import { gitHubTime } from "./commit-object.ts";
import { signatureOf } from "./commit-view.ts";
import {
  actor,
  ok,
  onRepository,
  readBody,
  type Operation,
  type Reply,
  type RepositoryCall,
} from "./operation.ts";
import { rulesOf } from "./protection.ts";
import { pullAt } from "./pulls.ts";
import { closePull, refMoved } from "./ref-moved.ts";
import { found, refuse } from "./refusal.ts";
import { requiredChecks, unmetChecks } from "./required-checks.ts";
import type { PullIssue, User } from "./state.ts";
import { userById } from "./world.ts";

const Merge = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

/** Merges by a merge commit, or by one commit of the sum (`squash`, and `rebase` as well). */
const merge = async (call: RepositoryCall): Promise<Reply> => {
  const { world, repository, bare } = call;
  const issue = pullAt(call);
  const { pull } = issue;
  const input = readBody(call, Merge, "PullRequest");
  if (input.sha && input.sha !== pull.head)
    throw refuse(409, "Head branch was modified. Review and try the merge again.");
  refuseUnready(call, issue);
  const by = actor(call);
  const ref = `refs/heads/${pull.baseRef}`;
  const before = found(await bare.ref(ref));
  const tree = await mergeTree(bare, before, pull.head);
  if (!tree) throw refuse(405, "Pull Request is not mergeable");
  const after = await writeCommit(bare, {
    tree,
    parents: input.merge_method === "merge" ? [before, pull.head] : [before],
    message: messageOf(call, issue, input),
    author: signatureOf(world, by),
  });
  await writeRef(bare, ref, after);
  pull.base = before;
  await closeAsMerged(call, issue, { after, by });
  await refMoved(world, { repository, ref, before, after, by });
  return ok({ sha: after, merged: true, message: "Pull Request successfully merged" });
};

/** What keeps a pull request from being merged by hand. */
const refuseUnready = ({ world, repository }: RepositoryCall, { state, pull }: PullIssue): void => {
  if (state !== "open" || pull.draft) throw refuse(405, "Pull Request is not mergeable");
  if (rulesOf(repository, pull.baseRef)?.queue)
    throw refuse(405, "Repository rule violations found\n\nChanges must be made through the merge queue\n\n");
  const checks = requiredChecks(world, repository, { branch: pull.baseRef, sha: pull.head });
  const unmet = unmetChecks(checks);
  if (unmet) throw refuse(405, unmet);
};

const messageOf = ({ world }: RepositoryCall, issue: PullIssue, input: z.infer<typeof Merge>): string => {
  const from = `${userById(world, issue.pull.headOwner).login}/${issue.pull.headRef}`;
  const merged = input.merge_method === "merge";
  const title = merged
    ? `Merge pull request #${issue.number} from ${from}`
    : `${issue.title} (#${issue.number})`;
  const text = merged ? issue.title : (issue.body ?? "");
  return `${input.commit_title ?? title}\n\n${input.commit_message ?? text}`.trimEnd();
};

const closeAsMerged = async (
  { world }: RepositoryCall,
  issue: PullIssue,
  { after, by }: { after: string; by: User },
): Promise<void> => {
  issue.pull.mergedAt = gitHubTime(world.now());
  issue.pull.mergedBy = by.id;
  issue.pull.mergeSha = after;
  await closePull(world, issue, by);
};

export const mergeOperations: readonly Operation[] = [
  onRepository("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", "contents:write", merge),
];
