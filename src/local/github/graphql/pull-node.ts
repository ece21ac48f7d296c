import { nodeId } from "../node-ids.ts";
import type { Change } from "../diff.ts";
import { association, pullChanges } from "../pull-view.ts";
import { repositoryUrls } from "../repository-view.ts";
import type { PullIssue } from "../state.ts";
import { repositoryById, userById } from "../world.ts";
import type { Asking, Node } from "./asking.ts";
import { connection, type Page } from "./connection.ts";
import { refNode } from "./repository-node.ts";

export const pullNode = (asking: Asking, issue: PullIssue): Node => {
  const { world, nodes } = asking;
  const { pull } = issue;
  const repository = repositoryById(world, issue.repository);
  return {
    __typename: "PullRequest",
    id: nodeId("PullRequest", pull.id),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url: `${repositoryUrls(world, repository).html}/pull/${issue.number}`,
    state: stateOf(issue),
    closed: issue.state === "closed",
    closedAt: issue.closedAt,
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    isDraft: pull.draft,
    maintainerCanModify: pull.maintainerCanModify,
    mergeable: mergeable(issue),
    author: () => nodes.account(userById(world, issue.author)),
    authorAssociation: association(repository, issue.author),
    repository: () => nodes.repository(repository),
    ...sides(asking, issue),
    ...changed(asking, issue),
  };
};

const stateOf = ({ state, pull }: PullIssue): "OPEN" | "MERGED" | "CLOSED" => {
  if (state === "open") return "OPEN";
  return pull.mergedAt === null ? "CLOSED" : "MERGED";
};

const mergeable = ({ state, pull }: PullIssue): "UNKNOWN" | "MERGEABLE" | "CONFLICTING" => {
  if (state === "closed" || pull.mergeable === null) return "UNKNOWN";
  return pull.mergeable ? "MERGEABLE" : "CONFLICTING";
};

const sides = (asking: Asking, { pull, repository: id }: PullIssue): Node => {
  const { world, nodes } = asking;
  const repository = repositoryById(world, id);
  const head = pull.headRepository === null ? null : repositoryById(world, pull.headRepository);
  return {
    baseRefName: pull.baseRef,
    baseRefOid: pull.base,
    baseRef: () => refNode(asking, repository, `refs/heads/${pull.baseRef}`),
    baseRepository: () => nodes.repository(repository),
    headRefName: pull.headRef,
    headRefOid: pull.head,
    headRef: () => head && refNode(asking, head, `refs/heads/${pull.headRef}`),
    headRepository: () => head && nodes.repository(head),
    headRepositoryOwner: () => nodes.account(userById(world, pull.headOwner)),
    isCrossRepository: head?.id !== repository.id,
    mergeCommit: () => (pull.mergedAt && pull.mergeSha ? nodes.commit(repository, pull.mergeSha) : null),
    potentialMergeCommit: () =>
      !pull.mergedAt && pull.mergeSha ? nodes.commit(repository, pull.mergeSha) : null,
  };
};

const kinds = {
  added: "ADDED",
  modified: "MODIFIED",
  removed: "DELETED",
  renamed: "RENAMED",
  copied: "COPIED",
  changed: "CHANGED",
} as const;

const changed = ({ world }: Asking, issue: PullIssue): Node => {
  const files = () => pullChanges(world, issue);
  const sum = async (key: "additions" | "deletions"): Promise<number> =>
    (await files()).reduce((total, change) => total + change[key], 0);
  const node = (change: Change): Node => ({
    path: change.filename,
    additions: change.additions,
    deletions: change.deletions,
    changeType: kinds[change.status],
  });
  return {
    changedFiles: async () => (await files()).length,
    additions: () => sum("additions"),
    deletions: () => sum("deletions"),
    files: async (page: Page) => connection("files", await files(), { page, node }),
  };
};
