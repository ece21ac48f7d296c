import { pullByNumber } from "./pull-view.ts";
import { rulesOf } from "./protection.ts";
import { leaveQueue } from "./queue.ts";
import { found, refuse } from "./refusal.ts";
import { requiredChecks, unmetChecks } from "./required-checks.ts";
import type { PullIssue, QueueEntry, Repository, User } from "./state.ts";
import { tellPull } from "./tell-pull.ts";
import { tendQueues } from "./tend-queue.ts";
import { repositoryById, type World } from "./world.ts";

/** Marks a pull request as a draft, or as ready for review; GitHub does it on its pages and by GraphQL only. */
export const setDraft = async (
  world: World,
  issue: PullIssue,
  { draft, by }: { draft: boolean; by: User },
): Promise<void> => {
  if (issue.state !== "open") throw refuse(422, "A closed pull request is no draft and not ready");
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  await tellPull(world, issue, { action: draft ? "converted_to_draft" : "ready_for_review", by });
};

/** Puts a pull request into its base's merge queue. */
export const enqueue = async (world: World, issue: PullIssue, by: User): Promise<QueueEntry> => {
  const repository = repositoryById(world, issue.repository);
  const entry = await world.lock(repository.id, async () => {
    refuseUnfit(world, repository, issue);
    const { baseRef: base, head: pullHead } = issue.pull;
    const entry: QueueEntry = {
      id: world.nextId(),
      repository: repository.id,
      issue: issue.id,
      base,
      by: by.id,
      pullHead,
      group: null,
    };
    world.state.queue.push(entry);
    await tellPull(world, issue, { action: "enqueued", by });
    return entry;
  });
  await tendQueues(world);
  return entry;
};

/** What keeps a pull request out of the queue. */
const refuseUnfit = (world: World, repository: Repository, issue: PullIssue): void => {
  const { pull, state, id } = issue;
  if (!rulesOf(repository, pull.baseRef)?.queue) throw refuse(422, `${pull.baseRef} has no merge queue`);
  if (world.state.queue.some((entry) => entry.issue === id)) throw refuse(422, "It is in the queue already");
  if (state !== "open" || pull.draft || pull.mergeable === false)
    throw refuse(422, "Pull request is not mergeable");
  const unmet = unmetChecks(requiredChecks(world, repository, { branch: pull.baseRef, sha: pull.head }));
  if (unmet) throw refuse(422, unmet);
};

/** Takes a pull request out of the merge queue by hand. */
export const dequeue = async (world: World, issue: PullIssue, by: User): Promise<void> => {
  const entry = found(
    world.state.queue.find((one) => one.issue === issue.id),
    "it is in no queue",
  );
  await world.lock(issue.repository, () => leaveQueue(world, entry, { reason: "MANUAL", by }));
  await tendQueues(world);
};

/** What people do to pull requests on GitHub's pages, by login; `by` absent: the owner. */
export const pullClicks = (world: World, user: (login: string) => User) => {
  type At = [owner: string, name: string, number: number, by?: string];
  const at = (...[owner, name, number, by]: At) => ({
    issue: pullByNumber(world, { owner, name, number }),
    by: user(by ?? owner),
  });
  return {
    readyForReview: (...where: At): Promise<void> => {
      const { issue, by } = at(...where);
      return world.lock(issue.repository, () => setDraft(world, issue, { draft: false, by }));
    },
    convertToDraft: (...where: At): Promise<void> => {
      const { issue, by } = at(...where);
      return world.lock(issue.repository, () => setDraft(world, issue, { draft: true, by }));
    },
    /** Puts a pull request into the merge queue of its base; the group that is made for it is in the answer. */
    enqueue: (...where: At): Promise<QueueEntry> => {
      const { issue, by } = at(...where);
      return enqueue(world, issue, by);
    },
    dequeue: (...where: At): Promise<void> => {
      const { issue, by } = at(...where);
      return dequeue(world, issue, by);
    },
    /** Looks at the merge queues as time does: groups whose checks took too long are removed. */
    tendQueues: (): Promise<void> => tendQueues(world),
  };
};
