import { writeRef } from "./bare-write.ts";
import { gitHubTime } from "./commit-object.ts";
import { rulesOf } from "./protection.ts";
import { destroyGroup, leaveQueue, makeGroup, pullOf, queueBot, queueOf } from "./queue.ts";
import { closePull, refMoved } from "./ref-moved.ts";
import { requiredChecks } from "./required-checks.ts";
import type { QueueEntry, Repository } from "./state.ts";
import { repositoryById, type World } from "./world.ts";

/** Brings all merge queues up to what was pushed, reported and clicked since: removes, makes groups, merges. */
export const tendQueues = async (world: World): Promise<void> => {
  for (const id of new Set(world.state.queue.map((entry) => entry.repository)))
    await world.lock(id, () => tendRepository(world, repositoryById(world, id)));
};

const everyMs = 30_000;

/** Looks after the queues as time goes by, also where nobody calls; answers how to stop. */
export const watchQueues = (world: World): (() => void) => {
  const look = (): void => {
    tendQueues(world).catch((error: unknown) => world.log("a merge queue failed", { error: String(error) }));
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
};

const tendRepository = async (world: World, repository: Repository): Promise<void> => {
  const here = world.state.queue.filter((entry) => entry.repository === repository.id);
  for (const base of new Set(here.map((entry) => entry.base))) {
    let changed = true;
    while (changed) changed = await oneStep(world, repository, base);
  }
};

/** Does the first thing that is to be done for a branch's queue; false where nothing is. */
const oneStep = async (world: World, repository: Repository, base: string): Promise<boolean> => {
  const entries = queueOf(world, repository, base);
  const tip = await world.bare(repository).ref(`refs/heads/${base}`);
  for (const entry of entries) {
    const reason = reasonToLeave(world, repository, entry);
    if (reason) {
      await leaveQueue(world, entry, { reason });
      return true;
    }
  }
  let expected = tip;
  for (const [at, entry] of entries.entries()) {
    if (!expected) return false;
    if (entry.group?.base !== expected) {
      await renew(world, entries.slice(at), expected);
      return true;
    }
    expected = entry.group.head;
  }
  const [first] = entries;
  if (!first || !isGreen(world, repository, first)) return false;
  await mergeGroup(world, repository, first);
  return true;
};

/** Groups that stand on what is no more are made anew, one upon the other. */
const renew = async (world: World, entries: readonly QueueEntry[], tip: string): Promise<void> => {
  for (const entry of entries.toReversed()) await destroyGroup(world, entry, "invalidated");
  const [first] = entries;
  if (first && !(await makeGroup(world, first, tip)))
    await leaveQueue(world, first, { reason: "MERGE_CONFLICT" });
};

const reasonToLeave = (world: World, repository: Repository, entry: QueueEntry) => {
  const { state, pull } = pullOf(world, entry);
  if (state !== "open" || pull.head !== entry.pullHead || pull.baseRef !== entry.base) return "MANUAL";
  if (!rulesOf(repository, entry.base)?.queue) return "QUEUE_CLEARED";
  const checks = checksOf(world, repository, entry);
  if (checks.some(({ standing }) => standing === "red")) return "CI_FAILURE";
  const limit = (rulesOf(repository, entry.base)?.timeoutMinutes ?? 0) * 60_000;
  const waited = entry.group ? Date.parse(world.now()) - Date.parse(entry.group.askedAt) : 0;
  return waited > limit && checks.some(({ standing }) => standing !== "green") ? "CI_TIMEOUT" : undefined;
};

const checksOf = (world: World, repository: Repository, { base, group }: QueueEntry) =>
  group ? requiredChecks(world, repository, { branch: base, sha: group.head }) : [];

const isGreen = (world: World, repository: Repository, entry: QueueEntry): boolean =>
  checksOf(world, repository, entry).every(({ standing }) => standing === "green");

/** Fast-forwards the base to the group, with which its pull request is merged. */
const mergeGroup = async (world: World, repository: Repository, entry: QueueEntry): Promise<void> => {
  if (!entry.group) return;
  const { base: before, head: after } = entry.group;
  const issue = pullOf(world, entry);
  const by = queueBot(world);
  const ref = `refs/heads/${entry.base}`;
  await writeRef(world.bare(repository), ref, after);
  issue.pull.mergedAt = gitHubTime(world.now());
  issue.pull.mergedBy = by.id;
  issue.pull.mergeSha = after;
  issue.pull.base = before;
  await closePull(world, issue, by);
  await leaveQueue(world, entry, { reason: "MERGE" });
  await refMoved(world, { repository, ref, before, after, by });
};
