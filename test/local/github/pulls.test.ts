import { afterEach, beforeEach, expect, test } from "vitest";
import { endWithoutViolations, gitIn, here, refusal, stage, withToken, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
});
afterEach(() => endWithoutViolations(world));

const commit = (branch: string, text: string, by = "maintainer") =>
  world.admin.commit(by, "packages", {
    by,
    branch,
    message: text,
    files: { "hello/hello.spec": `Name: hello\n# ${text}\n` },
  });

const open = async (head: string, token = world.maintainer.token) => {
  const pulls = world.as(token).rest.pulls;
  const { data } = await pulls.create({ ...here, title: head, head, base: "main" });
  return { ...here, pull_number: data.number };
};

const heard = (action: string) =>
  world.hooks.heard.filter((one) => one.event === "pull_request" && one.action === action);

test("a push to the head synchronizes the pull request and its merge ref", async () => {
  const before = await commit("topic", "one");
  const pull = await open("topic");
  const after = await commit("topic", "two");
  await world.admin.settled();
  expect(heard("synchronize")[0]?.payload).toMatchObject({
    before,
    after,
    pull_request: { head: { sha: after } },
  });
  const { data } = await world.bot.rest.pulls.get(pull);
  const { data: merge } = await world.bot.rest.git.getCommit({
    ...here,
    commit_sha: data.merge_commit_sha ?? "",
  });
  expect(merge.parents[1]?.sha).toBe(after);
});

test("a conflict leaves no merge ref, and its solution brings one", async () => {
  await commit("topic", "mine");
  const pull = await open("topic");
  await commit("main", "yours");
  const merge = { ...here, ref: `pull/${pull.pull_number}/merge` };
  expect((await world.bot.rest.pulls.get(pull)).data).toMatchObject({
    mergeable: false,
    mergeable_state: "dirty",
  });
  expect(await refusal(world.bot.rest.git.getRef(merge))).toBe(404);
  expect(await refusal(world.as(world.maintainer.token).rest.pulls.merge(pull))).toBe(405);
  await commit("main", "mine");
  expect((await world.bot.rest.pulls.get(pull)).data).toMatchObject({ mergeable: true });
  expect((await world.bot.rest.git.getRef(merge)).status).toBe(200);
});

test("a fork's pull request is fetched from the base, and its checks name no pull request", async () => {
  const { admin, stranger, bot, gitHub, dir } = world;
  await admin.fork("maintainer", "packages", "stranger");
  const head = await commit("topic", "from outside", "stranger");
  const pull = await open("stranger:topic", stranger.token);
  const { data } = await bot.rest.pulls.get(pull);
  expect(data.head).toMatchObject({ sha: head, label: "stranger:topic", repo: { fork: true } });
  const { data: check } = await bot.rest.checks.create({ ...here, name: "build", head_sha: head });
  expect(check.pull_requests).toEqual([]);
  const refs = await gitIn(dir, "ls-remote", `${gitHub.url}/maintainer/packages.git`);
  expect(refs).toContain(`${head}\trefs/pull/${pull.pull_number}/head`);
});

test("a pull request is closed, reopened, retitled and told of each time", async () => {
  const { maintainer, admin } = world;
  await commit("topic", "one");
  const pull = await open("topic");
  const pulls = world.as(maintainer.token).rest.pulls;
  await pulls.update({ ...pull, state: "closed" });
  await pulls.update({ ...pull, state: "open" });
  await pulls.update({ ...pull, title: "better" });
  await admin.settled();
  expect(heard("closed")).toHaveLength(1);
  expect(heard("reopened")).toHaveLength(1);
  expect(heard("edited")[0]?.payload).toMatchObject({ changes: { title: { from: "topic" } } });
});

test("a head whose branch is deleted closes its pull request", async () => {
  const { maintainer, bot } = world;
  await commit("topic", "one");
  const pull = await open("topic");
  await world.as(maintainer.token).rest.git.deleteRef({ ...here, ref: "heads/topic" });
  expect((await bot.rest.pulls.get(pull)).data).toMatchObject({ state: "closed", merged: false });
});

test("a head that somebody pushed to the base by hand counts as merged", async () => {
  const { gitHub, maintainer, dir, bot } = world;
  await commit("topic", "one");
  const pull = await open("topic");
  const address = withToken(gitHub, maintainer.token, "maintainer/packages");
  await gitIn(dir, "clone", "-q", "--branch", "topic", address, "work");
  await gitIn(`${dir}/work`, "push", "-q", "origin", "topic:main");
  expect((await bot.rest.pulls.get(pull)).data).toMatchObject({ merged: true, changed_files: 1 });
});

test("a forced push says that it was forced", async () => {
  const { gitHub, maintainer, dir, admin, hooks } = world;
  await commit("topic", "one");
  const address = withToken(gitHub, maintainer.token, "maintainer/packages");
  await gitIn(dir, "clone", "-q", "--branch", "topic", address, "work");
  await gitIn(`${dir}/work`, "commit", "-q", "--amend", "-m", "other");
  await gitIn(`${dir}/work`, "push", "-q", "--force", "origin", "topic");
  await admin.settled();
  expect(hooks.heard.findLast(({ event }) => event === "push")?.payload).toMatchObject({ forced: true });
});

test("renames, removals and binary files are listed as GitHub lists them", async () => {
  const { admin, bot } = world;
  await admin.commit("maintainer", "packages", {
    by: "maintainer",
    branch: "topic",
    message: "move",
    files: {
      "README.md": null,
      "world/hello.spec": "Name: hello\nVersion: 1.0\n",
      "hello/hello.spec": null,
      "logo.png": Buffer.from([0, 1, 2, 0, 255]),
    },
  });
  const { data } = await bot.rest.pulls.listFiles(await open("topic"));
  expect(
    data.map(({ filename, status, previous_filename }) => [filename, status, previous_filename]),
  ).toEqual([
    ["README.md", "removed", undefined],
    ["logo.png", "added", undefined],
    ["world/hello.spec", "renamed", "hello/hello.spec"],
  ]);
  expect(data[1]?.patch).toBeUndefined();
});

test("a long list of pull requests comes in pages", async () => {
  const { bot } = world;
  for (const name of ["a", "b", "c"]) {
    await commit(name, name);
    await open(name);
  }
  const all = await bot.paginate(bot.rest.pulls.list, { ...here, per_page: 2 });
  expect(all.map(({ title }) => title)).toEqual(["c", "b", "a"]);
});
