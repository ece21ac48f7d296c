import { mergeTree, writeCommit, writeRef } from "./bare-write.ts";
import { gitHubTime } from "./commit-object.ts";
import { addUser } from "./people.ts";
import { isPull } from "./pull-view.ts";
import { refMoved } from "./ref-moved.ts";
import { found } from "./refusal.ts";
import type { PullIssue, QueueEntry, Repository, User } from "./state.ts";
import type { MergeGroup } from "./state-of-merging.ts";
import { tellPull } from "./tell-pull.ts";
import { repositoryById, userById, userByLogin, type World } from "./world.ts";

/** The account of GitHub's own that pushes what the queue makes and merges. */
export const queueBot = (world: World): User =>
  userByLogin(world, "github-merge-queue[bot]") ??
  addUser(world, { login: "github-merge-queue[bot]", type: "Bot", id: 118_344_674 });

/** What waits for one branch, first to be merged first. */
export const queueOf = (world: World, repository: Repository, base: string): readonly QueueEntry[] =>
  world.state.queue.filter((entry) => entry.repository === repository.id && entry.base === base);

export const pullOf = (world: World, entry: QueueEntry): PullIssue =>
  found(world.state.issues.filter(isPull).find(({ id }) => id === entry.issue));

/** Why a group goes, as `merge_group.destroyed` says it. */
type Destroyed = "merged" | "invalidated" | "dequeued";

const tellGroup = async (
  world: World,
  entry: QueueEntry,
  told: { group: MergeGroup; action: "checks_requested" | "destroyed"; reason?: Destroyed },
): Promise<void> => {
  const { group, action, reason } = told;
  const repository = repositoryById(world, entry.repository);
  const commit = await world.bare(repository).info(group.head);
  const { name, email } = commit.author;
  const merge_group = {
    head_sha: group.head,
    head_ref: `refs/heads/${group.branch}`,
    base_sha: group.base,
    base_ref: `refs/heads/${entry.base}`,
    head_commit: {
      id: group.head,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name, email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
  };
  const body = { merge_group, ...(reason ? { reason } : {}) };
  await world.webhooks.emit(world, { event: "merge_group", action, body, repository, by: queueBot(world) });
};

/** Makes the branch that a group's checks are reported on, and asks for them; false where it conflicts. */
export const makeGroup = async (world: World, entry: QueueEntry, base: string): Promise<boolean> => {
  const repository = repositoryById(world, entry.repository);
  const bare = world.bare(repository);
  const { number, title, pull } = pullOf(world, entry);
  const tree = await mergeTree(bare, base, pull.head);
  if (!tree) return false;
  const from = `${userById(world, pull.headOwner).login}/${pull.headRef}`;
  const bot = queueBot(world);
  const head = await writeCommit(bare, {
    tree,
    parents: [base, pull.head],
    message: `Merge pull request #${number} from ${from}\n\n${title}`,
    author: { name: bot.login, email: "noreply@github.com", date: world.now() },
  });
  const branch = `gh-readonly-queue/${entry.base}/pr-${number}-${base}`;
  const group = { branch, base, head, askedAt: gitHubTime(world.now()) };
  entry.group = group;
  await moveBranch(world, repository, { branch, sha: head });
  await tellGroup(world, entry, { group, action: "checks_requested" });
  return true;
};

/** Takes a group's branch away again and says why. */
export const destroyGroup = async (world: World, entry: QueueEntry, reason: Destroyed): Promise<void> => {
  const { group } = entry;
  if (!group) return;
  entry.group = null;
  await tellGroup(world, entry, { group, action: "destroyed", reason });
  await moveBranch(world, repositoryById(world, entry.repository), { branch: group.branch, sha: undefined });
};

const moveBranch = async (
  world: World,
  repository: Repository,
  { branch, sha: after }: { branch: string; sha: string | undefined },
): Promise<void> => {
  const ref = `refs/heads/${branch}`;
  const before = await world.bare(repository).ref(ref);
  await writeRef(world.bare(repository), ref, after ?? null);
  await refMoved(world, { repository, ref, before, after, by: queueBot(world) });
};

/** Why a pull request left the queue, as `pull_request.dequeued` says it. */
type Left =
  | "MANUAL"
  | "MERGE"
  | "MERGE_CONFLICT"
  | "CI_FAILURE"
  | "CI_TIMEOUT"
  | "QUEUE_CLEARED"
  | "BRANCH_PROTECTIONS";

/** Takes a pull request out of the queue; what waits behind it is made anew by whoever tends the queue next. */
export const leaveQueue = async (
  world: World,
  entry: QueueEntry,
  { reason, by = queueBot(world) }: { reason: Left; by?: User },
): Promise<void> => {
  world.state.queue = world.state.queue.filter(({ id }) => id !== entry.id);
  world.touch();
  await tellPull(world, pullOf(world, entry), {
    action: "dequeued",
    by,
    more: { reason },
    to: reason.toLowerCase().replaceAll("_", " "),
  });
  await destroyGroup(world, entry, reason === "MERGE" ? "merged" : "dequeued");
};
