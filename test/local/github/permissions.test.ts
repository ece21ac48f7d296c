import { SignJWT, importPKCS8 } from "jose";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endAnsweredRight, gitIn, here, keys, refusal, stage, withToken, type Stage } from "./world.ts";

let world: Stage;
let main: string;
const hidden = { owner: "maintainer", repo: "hidden" } as const;

beforeAll(async () => {
  world = await stage();
  await world.admin.createRepository({
    owner: "maintainer",
    name: "hidden",
    private: true,
    files: { a: "b" },
  });
  const { data } = await world.nobody.rest.git.getRef({ ...here, ref: "heads/main" });
  main = data.object.sha;
});
afterAll(() => endAnsweredRight(world));

const tokenFor = async (permissions: Record<string, string>) => {
  const { data } = await world.app.rest.apps.createInstallationAccessToken({
    installation_id: world.installation.id,
    permissions,
  });
  return world.as(data.token);
};

test("a token is refused what was not asked for it", async () => {
  const reader = await tokenFor({ contents: "read" });
  expect((await reader.rest.repos.getContent({ ...here, path: "README.md" })).status).toBe(200);
  expect(await refusal(reader.rest.checks.create({ ...here, name: "x", head_sha: main }))).toBe(403);
  expect(await refusal(reader.rest.git.createRef({ ...here, ref: "refs/heads/x", sha: main }))).toBe(403);
});

test("a token asks for no more than the app was given", async () => {
  expect(await refusal(tokenFor({ contents: "admin" }))).toBe(422);
  expect(await refusal(tokenFor({ secrets: "read" }))).toBe(422);
});

test("a repository that the app is not installed on is not there", async () => {
  expect(await refusal(world.bot.rest.repos.get(hidden))).toBe(404);
  const { installation, app } = world;
  const asked = app.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
    repositories: ["hidden"],
  });
  expect(await refusal(asked)).toBe(422);
});

test("a token of an hour ago is no token", async () => {
  const clock = { now: Date.now() };
  const early = await stage({ now: () => new Date(clock.now).toISOString() });
  try {
    const { data } = await early.app.rest.apps.createInstallationAccessToken({
      installation_id: early.installation.id,
    });
    clock.now += 3_601_000;
    expect(await refusal(early.as(data.token).rest.repos.get(here))).toBe(401);
  } finally {
    await early.end();
  }
});

const jwt = async (pem: string, claims: { iat: number; exp: number; iss: string }) =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256" }).sign(await importPKCS8(pem, "RS256"));

test("an app's JWT counts only in its ten minutes and under its own key", async () => {
  const now = Math.floor(Date.now() / 1000);
  const status = async (pem: string, iat: number, exp: number) =>
    refusal(world.as(await jwt(pem, { iat, exp, iss: "7" })).rest.apps.getAuthenticated());
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  expect(await status(keys.privateKey, now - 30, now + 300)).toBe(200);
  expect(await status(keys.privateKey, now - 900, now - 300)).toBe(401);
  expect(await status(keys.privateKey, now - 30, now + 3600)).toBe(401);
  expect(await status(keys.privateKey, now + 300, now + 500)).toBe(401);
  const pem = foreign.export({ type: "pkcs8", format: "pem" }).toString();
  expect(await status(pem, now - 30, now + 300)).toBe(401);
});

test("only apps write checks, and an app only its own", async () => {
  const person = world.as(world.maintainer.token);
  expect(await refusal(person.rest.checks.create({ ...here, name: "x", head_sha: main }))).toBe(403);
  const { data: ours } = await world.bot.rest.checks.create({ ...here, name: "ours", head_sha: main });
  const other = { id: 8, slug: "other", publicKey: keys.publicKey, webhookUrl: "", webhookSecret: "x" };
  world.gitHub.register(other);
  const { id } = await world.admin.install("maintainer", ["packages"], 8);
  const now = Math.floor(Date.now() / 1000);
  const app = world.as(await jwt(keys.privateKey, { iat: now - 30, exp: now + 300, iss: "8" }));
  const { data: token } = await app.rest.apps.createInstallationAccessToken({ installation_id: id });
  const change = { ...here, check_run_id: ours.id, conclusion: "success" } as const;
  expect(await refusal(world.as(token.token).rest.checks.update(change))).toBe(403);
});

test("strangers comment but do not push, merge or edit what others wrote", async () => {
  const stranger = world.as(world.stranger.token);
  const person = world.as(world.maintainer.token);
  await world.admin.commit("maintainer", "packages", {
    by: "maintainer",
    branch: "topic",
    message: "topic",
    files: { "topic.spec": "Name: topic\n" },
  });
  const { data: pull } = await person.rest.pulls.create({
    ...here,
    title: "topic",
    head: "topic",
    base: "main",
  });
  const said = { ...here, issue_number: pull.number, body: "/ack" };
  const { data: comment } = await person.rest.issues.createComment(said);
  expect((await stranger.rest.issues.createComment(said)).status).toBe(201);
  expect(await refusal(stranger.rest.pulls.merge({ ...here, pull_number: pull.number }))).toBe(403);
  const edit = { ...here, comment_id: comment.id, body: "/nack" };
  expect(await refusal(stranger.rest.issues.updateComment(edit))).toBe(403);
  expect(await refusal(world.bot.rest.issues.updateComment(edit))).toBe(403);
});

test("levels are told by login, maintain as write and triage as read", async () => {
  const { admin, bot } = world;
  admin.createUser({ login: "releaser", id: 4242 });
  admin.addCollaborator("maintainer", "packages", { login: "releaser", level: "maintain" });
  const level = async (username: string) =>
    (await bot.rest.repos.getCollaboratorPermissionLevel({ ...here, username })).data;
  expect(await level("releaser")).toMatchObject({
    permission: "write",
    role_name: "maintain",
    user: { id: 4242 },
  });
  expect(await level("stranger")).toMatchObject({ permission: "read" });
  expect(await refusal(level("nobody-at-all"))).toBe(404);
});

test("git refuses who may not read, and who may read but not write", async () => {
  const { gitHub, maintainer, stranger, dir } = world;
  const address = (token: string, name: string) => withToken(gitHub, token, `maintainer/${name}`);
  await expect(gitIn(dir, "ls-remote", `${gitHub.url}/maintainer/hidden.git`)).rejects.toThrow(
    /could not read/,
  );
  await expect(gitIn(dir, "ls-remote", address(stranger.token, "hidden"))).rejects.toThrow(/not found/);
  expect(await gitIn(dir, "ls-remote", address(maintainer.token, "hidden"))).toContain("refs/heads/main");
  await gitIn(dir, "clone", "-q", `${gitHub.url}/maintainer/packages.git`, "as-stranger");
  const work = `${dir}/as-stranger`;
  const push = gitIn(work, "push", "-q", address(stranger.token, "packages"), "HEAD:refs/heads/mine");
  await expect(push).rejects.toThrow(/403/);
  const bad = gitIn(work, "ls-remote", address("ghs_made_up", "hidden"));
  await expect(bad).rejects.toThrow(/Authentication failed/);
});
