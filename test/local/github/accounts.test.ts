import { afterEach, beforeEach, expect, test } from "vitest";
import { endWithoutViolations, gitIn, here, refusal, stage, withToken, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
});
afterEach(() => endWithoutViolations(world));

const heard = async (event: string, action?: string) => {
  await world.admin.settled();
  return world.hooks.heard.filter((one) => one.event === event && one.action === action);
};

/** A stranger's pull request from a fork. */
const fromFork = async () => {
  const { admin, stranger } = world;
  await admin.fork("maintainer", "packages", "stranger");
  const files = { "hello/hello.spec": "Name: hello\nVersion: 2.0\n" };
  const change = { by: "stranger", branch: "topic", message: "hello 2.0", files };
  const head = await admin.commit("stranger", "packages", change);
  const person = world.as(stranger.token);
  const asked = { ...here, title: "hello 2.0", head: "stranger:topic", base: "main" };
  const { data } = await person.rest.pulls.create(asked);
  return { head, pull: { ...here, pull_number: data.number } };
};

test("a pull request outlives its fork: no source any more, but its head is fetched and built", async () => {
  const { admin, bot, gitHub, dir } = world;
  const { head, pull } = await fromFork();
  await admin.deleteRepository("stranger", "packages");
  const { data } = await bot.rest.pulls.get(pull);
  expect(data).toMatchObject({ state: "open", head: { sha: head, repo: null } });
  const refs = await gitIn(dir, "ls-remote", `${gitHub.url}/maintainer/packages.git`);
  expect(refs).toContain(`${head}\trefs/pull/${pull.pull_number}/head`);
  const check = { ...here, name: "build", head_sha: head, conclusion: "success" } as const;
  expect((await bot.rest.checks.create(check)).status).toBe(201);
  await world.as(world.maintainer.token).rest.pulls.update({ ...pull, title: "hello again" });
  const [edited] = await heard("pull_request", "edited");
  expect(edited?.payload).toMatchObject({ pull_request: { head: { repo: null } } });
  expect((await world.as(world.maintainer.token).rest.pulls.merge(pull)).data.merged).toBe(true);
});

test("a renamed person keeps id, commits and comments, and old addresses of their repositories lead on", async () => {
  const { admin, bot, maintainer, gitHub } = world;
  await admin.renameUser("maintainer", "keeper");
  const { data } = await bot.rest.repos.get(here);
  expect(data.full_name).toBe("keeper/packages");
  const { data: commits } = await bot.rest.repos.listCommits({ owner: "keeper", repo: "packages" });
  expect(commits[0]?.author).toMatchObject({ login: "keeper", id: maintainer.id });
  expect(await refusal(bot.rest.users.getByUsername({ username: "maintainer" }))).toBe(404);
  const page = await fetch(`${gitHub.url}/maintainer/packages`, { redirect: "manual" });
  expect([page.status, page.headers.get("location")]).toEqual([301, `${gitHub.url}/keeper/packages`]);
});

test("a renamed repository answers under both names, for reading, writing and git", async () => {
  const { admin, bot, maintainer, gitHub, dir } = world;
  await admin.renameRepository("maintainer", "packages", "specs");
  const old = await fetch(`${gitHub.apiUrl}/repos/maintainer/packages/branches/main?x=1`, {
    redirect: "manual",
  });
  expect(old.status).toBe(301);
  expect(old.headers.get("location")).toMatch(/\/api\/v3\/repositories\/\d+\/branches\/main\?x=1$/);
  const { data: main } = await bot.rest.repos.getBranch({ ...here, branch: "main" });
  const check = { ...here, name: "build", head_sha: main.commit.sha };
  expect((await bot.rest.checks.create(check)).status).toBe(201);
  await gitIn(dir, "clone", "-q", withToken(gitHub, maintainer.token, "maintainer/packages"), "work");
  await gitIn(`${dir}/work`, "commit", "-q", "--allow-empty", "-m", "pushed to the old name");
  await gitIn(`${dir}/work`, "push", "-q", "origin", "HEAD:main");
  expect((await heard("push"))[0]?.payload).toMatchObject({ repository: { full_name: "maintainer/specs" } });
});

test("an old name that somebody takes again is theirs", async () => {
  const { admin, nobody } = world;
  await admin.renameRepository("maintainer", "packages", "specs");
  const { id } = await admin.createRepository({ owner: "maintainer", name: "packages" });
  expect((await nobody.rest.repos.get(here)).data.id).toBe(id);
});

test("an app that asked for it hears of new names", async () => {
  const { admin, gitHub, options } = world;
  gitHub.register({ ...options.app, events: ["installation_target", "repository"] });
  await admin.renameRepository("maintainer", "packages", "specs");
  await admin.renameUser("maintainer", "keeper");
  expect((await heard("repository", "renamed"))[0]?.payload).toMatchObject({
    changes: { repository: { name: { from: "packages" } } },
    repository: { full_name: "maintainer/specs" },
  });
  expect((await heard("installation_target", "renamed"))[0]?.payload).toMatchObject({
    account: { login: "keeper" },
    changes: { login: { from: "maintainer" } },
    target_type: "User",
  });
});

test("a repository that is handed on is out of its app's reach", async () => {
  const { admin, bot } = world;
  await admin.transferRepository("maintainer", "packages", "stranger");
  const [lost] = await heard("installation_repositories", "removed");
  expect(lost?.payload).toMatchObject({ repositories_removed: [{ full_name: "maintainer/packages" }] });
  const { data } = await bot.rest.repos.get(here);
  expect(data.full_name).toBe("stranger/packages");
  const check = { owner: "stranger", repo: "packages", name: "x", head_sha: "0".repeat(40) };
  expect(await refusal(bot.rest.checks.create(check))).toBe(403);
});

test("a deleted repository is gone with all that was said in it", async () => {
  const { admin, bot, gitHub } = world;
  const { pull } = await fromFork();
  await admin.deleteRepository("maintainer", "packages");
  expect(await refusal(bot.rest.pulls.get(pull))).toBe(404);
  expect((await fetch(`${gitHub.url}/maintainer/packages`)).status).toBe(404);
  const { data } = await world.nobody.rest.repos.get({ owner: "stranger", repo: "packages" });
  expect(data.parent).toBeUndefined();
});

test("a suspended installation gets no tokens and no events, and all comes back after", async () => {
  const { admin, installation, bot, app } = world;
  await bot.rest.repos.get(here);
  await admin.suspend(installation);
  const wanted = { installation_id: installation.id };
  expect(await refusal(bot.rest.repos.get(here))).toBe(403);
  expect(await refusal(app.rest.apps.createInstallationAccessToken(wanted))).toBe(403);
  const { data } = await app.rest.apps.getInstallation(wanted);
  expect(data).toMatchObject({ suspended_by: { login: "maintainer" } });
  const change = { by: "maintainer", branch: "main", message: "unheard", files: { a: "a" } };
  await admin.commit("maintainer", "packages", change);
  expect(await heard("push")).toEqual([]);
  expect(await heard("installation", "suspend")).toHaveLength(1);
  await admin.unsuspend(installation);
  expect((await bot.rest.repos.get(here)).status).toBe(200);
  expect(await heard("installation", "unsuspend")).toHaveLength(1);
});

test("permissions are told in GitHub's two ways: folded, and by the name of the role", async () => {
  const { admin, bot, stranger } = world;
  const asked = { ...here, username: "stranger" };
  const told = async () => {
    const { data } = await bot.rest.repos.getCollaboratorPermissionLevel(asked);
    return [data.permission, data.role_name, data.user?.id, data.user?.permissions?.push];
  };
  const levels = ["admin", "maintain", "write", "triage", "read"] as const;
  const answers = [];
  for (const level of levels) {
    admin.addCollaborator("maintainer", "packages", { login: "stranger", level });
    answers.push(await told());
  }
  expect(answers).toEqual([
    ["admin", "admin", stranger.id, true],
    ["write", "maintain", stranger.id, true],
    ["write", "write", stranger.id, true],
    ["read", "triage", stranger.id, false],
    ["read", "read", stranger.id, false],
  ]);
  admin.removeCollaborator("maintainer", "packages", "stranger");
  expect(await told()).toEqual(["read", "read", stranger.id, false]);
});

test("who loses write access may push no more", async () => {
  const { admin, gitHub, stranger, dir } = world;
  const set = (level: "write" | "read") =>
    admin.addCollaborator("maintainer", "packages", { login: "stranger", level });
  set("write");
  await gitIn(dir, "clone", "-q", withToken(gitHub, stranger.token, "maintainer/packages"), "work");
  await gitIn(`${dir}/work`, "commit", "-q", "--allow-empty", "-m", "mine");
  await gitIn(`${dir}/work`, "push", "-q", "origin", "HEAD:mine");
  set("read");
  await expect(gitIn(`${dir}/work`, "push", "-q", "origin", "HEAD:more")).rejects.toThrow(/403/);
});
