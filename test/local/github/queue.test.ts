import { afterEach, beforeEach, expect, test } from "vitest";
import { usualPermissions } from "../../../src/local/github/options.ts";
import { endWithoutViolations, here, refusal, stage, type Stage } from "./world.ts";

let world: Stage;
const clock = { now: Date.parse("2026-11-22T10:00:00Z") };

beforeEach(async () => {
  clock.now = Date.now();
  world = await stage({ now: () => new Date(clock.now).toISOString() });
  world.admin.protectBranch("maintainer", "packages", "main", { checks: ["build"], queue: true });
});
afterEach(() => endWithoutViolations(world));

const report = (sha: string, conclusion: "success" | "failure" | "neutral") =>
  world.bot.rest.checks.create({ ...here, name: "build", head_sha: sha, conclusion });

/** A pull request that changes one file and whose own checks are green. */
const ready = async (name: string, text = name) => {
  const files = { [`${name}.spec`]: `Name: ${text}\n` };
  const change = { by: "maintainer", branch: name, message: name, files };
  const head = await world.admin.commit("maintainer", "packages", change);
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.pulls.create({ ...here, title: name, head: name, base: "main" });
  await report(head, "success");
  return { number: data.number, head };
};

const enqueue = async (number: number) => {
  const { group } = await world.admin.enqueue("maintainer", "packages", number);
  if (!group) throw new Error("no group was made");
  return group;
};

const pull = async (number: number) =>
  (await world.bot.rest.pulls.get({ ...here, pull_number: number })).data;

const tip = async (branch: string) =>
  (await world.bot.rest.git.getRef({ ...here, ref: `heads/${branch}` })).data.object.sha;

const heard = async (event: string, action?: string) => {
  await world.admin.settled();
  return world.hooks.heard.filter((one) => one.event === event && one.action === action);
};

test("a queued pull request gets a branch of its own, and apps are asked for its checks", async () => {
  const { number, head } = await ready("a");
  const base = await tip("main");
  const group = await enqueue(number);
  expect(group.branch).toBe(`gh-readonly-queue/main/pr-${number}-${base}`);
  const { data: merge } = await world.bot.rest.git.getCommit({ ...here, commit_sha: group.head });
  expect(merge.parents.map(({ sha }) => sha)).toEqual([base, head]);
  const [asked] = await heard("merge_group", "checks_requested");
  expect(asked?.payload).toMatchObject({
    merge_group: {
      head_sha: group.head,
      head_ref: `refs/heads/${group.branch}`,
      base_sha: base,
      base_ref: "refs/heads/main",
    },
    sender: { login: "github-merge-queue[bot]", type: "Bot" },
  });
  expect(await heard("pull_request", "enqueued")).toHaveLength(1);
  const pushed = (await heard("push")).at(-1)?.payload;
  expect(pushed).toMatchObject({ ref: `refs/heads/${group.branch}`, created: true, after: group.head });
  expect((await heard("create")).at(-1)?.payload).toMatchObject({ ref: group.branch });
  const suite = (await heard("check_suite", "requested")).at(-1)?.payload;
  expect(suite).toMatchObject({ check_suite: { head_sha: group.head, head_branch: group.branch } });
});

test("a green group becomes the base, its pull request is merged, its branch goes", async () => {
  const { number } = await ready("a");
  const group = await enqueue(number);
  await report(group.head, "success");
  expect(await tip("main")).toBe(group.head);
  expect(await pull(number)).toMatchObject({
    merged: true,
    merge_commit_sha: group.head,
    merged_by: { login: "github-merge-queue[bot]" },
  });
  expect(await refusal(tip(group.branch))).toBe(404);
  expect((await heard("merge_group", "destroyed"))[0]?.payload).toMatchObject({ reason: "merged" });
  expect((await heard("pull_request", "dequeued"))[0]?.payload).toMatchObject({ reason: "MERGE" });
  expect((await heard("push")).at(-1)?.payload).toMatchObject({ ref: "refs/heads/main", after: group.head });
});

test("a red group is removed, its pull request stays open, and what stood on it is made anew", async () => {
  const [first, second] = [await ready("a"), await ready("b")];
  const main = await tip("main");
  const [broken, behind] = [await enqueue(first.number), await enqueue(second.number)];
  expect(behind.base).toBe(broken.head);
  await report(broken.head, "failure");
  expect(await pull(first.number)).toMatchObject({ state: "open", merged: false });
  const destroyed = await heard("merge_group", "destroyed");
  expect(destroyed.map(({ payload }) => payload["reason"])).toEqual(["dequeued", "invalidated"]);
  const again = (await heard("merge_group", "checks_requested")).at(-1)?.payload["merge_group"];
  expect(again).toMatchObject({ base_sha: main });
  await report((again as { head_sha: string }).head_sha, "success");
  expect(await pull(second.number)).toMatchObject({ merged: true });
});

test("groups are merged in the order of the queue, also where a later one is green first", async () => {
  const [first, second] = [await ready("a"), await ready("b")];
  const [front, behind] = [await enqueue(first.number), await enqueue(second.number)];
  await report(behind.head, "success");
  expect(await pull(second.number)).toMatchObject({ merged: false });
  await report(front.head, "neutral");
  expect(await pull(second.number)).toMatchObject({ merged: true });
  expect(await tip("main")).toBe(behind.head);
});

test("a group whose checks never end is removed when its time is over", async () => {
  const { number } = await ready("a");
  await enqueue(number);
  clock.now += 61 * 60_000;
  await world.admin.tendQueues();
  expect((await heard("pull_request", "dequeued"))[0]?.payload).toMatchObject({ reason: "CI_TIMEOUT" });
});

test("what is dequeued by hand, pushed to, or in conflict is not merged", async () => {
  const [a, b] = [await ready("a"), await ready("b")];
  const group = await enqueue(a.number);
  await world.admin.dequeue("maintainer", "packages", a.number);
  await report(group.head, "success");
  expect(await pull(a.number)).toMatchObject({ merged: false });
  await enqueue(b.number);
  const change = { by: "maintainer", branch: "b", message: "more", files: { c: "c" } };
  await world.admin.commit("maintainer", "packages", change);
  const [one, other] = [await ready("x"), await ready("y")];
  const files = { "same.spec": "mine\n" };
  for (const branch of ["x", "y"]) {
    const text = { "same.spec": `${files["same.spec"]}${branch}\n` };
    const by = { by: "maintainer", branch, message: "same", files: text };
    await report(await world.admin.commit("maintainer", "packages", by), "success");
  }
  await enqueue(one.number);
  expect((await world.admin.enqueue("maintainer", "packages", other.number)).group).toBeNull();
  const reasons = (await heard("pull_request", "dequeued")).map(({ payload }) => payload["reason"]);
  expect(reasons).toEqual(["MANUAL", "MANUAL", "MERGE_CONFLICT"]);
});

test("a branch with a queue is merged into by nothing else, and takes only what is green", async () => {
  const { admin, maintainer } = world;
  const { number } = await ready("a");
  const merge = world.as(maintainer.token).rest.pulls.merge({ ...here, pull_number: number });
  expect(await refusal(merge)).toBe(405);
  const head = await admin.commit("maintainer", "packages", {
    by: "maintainer",
    branch: "a",
    message: "again",
    files: { more: "" },
  });
  await expect(admin.enqueue("maintainer", "packages", number)).rejects.toThrow(/"build" is expected/);
  await report(head, "success");
  await enqueue(number);
});

test("an app that may not read merge queues hears nothing of them", async () => {
  const { merge_queues: _, ...permissions } = usualPermissions;
  const { app } = world.options;
  world.gitHub.register({ ...app, permissions });
  await enqueue((await ready("a")).number);
  expect(await heard("merge_group", "checks_requested")).toEqual([]);
  expect(await heard("pull_request", "enqueued")).toHaveLength(1);
});
