import { afterEach, beforeEach, expect, test } from "vitest";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

let world: Stage;
let head: string;
const pull = "/maintainer/packages/pull/1";

beforeEach(async () => {
  world = await stage();
  const change = { by: "maintainer", branch: "topic", message: "hello 1.1", files: { a: "a\n" } };
  head = await world.admin.commit("maintainer", "packages", change);
  const asked = { ...here, title: "hello 1.1", head: "topic", base: "main" };
  await world.as(world.maintainer.token).rest.pulls.create(asked);
});
afterEach(() => endWithoutViolations(world));

interface Sent {
  readonly as?: string;
  readonly origin?: string | null;
  readonly fields?: Readonly<Record<string, string>>;
}

const post = async (path: string, { as = "maintainer", origin, fields = {} }: Sent = {}) => {
  const from = origin === undefined ? world.gitHub.url : origin;
  const response = await fetch(`${world.gitHub.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: `person=${as}`, ...(from === null ? {} : { origin: from }) },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, to: response.headers.get("location"), text: await response.text() };
};

const page = async (path: string, as = "") =>
  (await fetch(`${world.gitHub.url}${path}`, { headers: { cookie: `person=${as}` } })).text();

const state = async () => (await world.bot.rest.pulls.get({ ...here, pull_number: 1 })).data;

const heard = async (event: string, action: string) => {
  await world.admin.settled();
  return world.hooks.heard.filter((one) => one.event === event && one.action === action);
};

const report = (conclusion: "success" | "action_required", more = {}) =>
  world.bot.rest.checks.create({ ...here, name: "build", head_sha: head, conclusion, ...more });

test("a comment is sent as the chosen person, and apps hear of it", async () => {
  const { status, to } = await post(`${pull}/comment`, { as: "stranger", fields: { body: "/build" } });
  expect([status, to]).toEqual([303, pull]);
  const [told] = await heard("issue_comment", "created");
  expect(told?.payload).toMatchObject({ comment: { body: "/build", user: { login: "stranger" } } });
  expect(await page(pull, "stranger")).toContain("Comment as stranger");
});

test("who is chosen is remembered by the browser, and by no other site", async () => {
  const response = await fetch(`${world.gitHub.url}/-/person`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: world.gitHub.url },
    body: new URLSearchParams({ login: "stranger", back: pull }),
  });
  expect(response.headers.get("location")).toBe(pull);
  expect(response.headers.get("set-cookie")).toMatch(/person=stranger;.*HttpOnly; SameSite=Strict/);
  const away = await post("/-/person", { fields: { login: "x", back: "//evil.example/" } });
  expect(away.to).toBe("/");
});

test("a form from elsewhere, from nowhere, or for another name of this machine is not taken", async () => {
  const fields = { body: "/ack" };
  expect((await post(`${pull}/comment`, { fields, origin: "https://evil.example" })).status).toBe(403);
  expect((await post(`${pull}/comment`, { fields, origin: "null" })).status).toBe(403);
  expect((await post(`${pull}/comment`, { fields, origin: null })).status).toBe(403);
  const { port } = new URL(world.gitHub.url);
  const { refuseForeignPost } = await import("../../../src/local/github/pages/same-origin.ts");
  const rebound = `http://evil.example:${port}`;
  const request = new Request(`${rebound}${pull}/comment`, { method: "POST", headers: { origin: rebound } });
  expect(() => refuseForeignPost(request)).toThrow(/this machine only/);
  expect(await heard("issue_comment", "created")).toEqual([]);
});

test("nobody presses nothing, and a stranger only what strangers may", async () => {
  const { data: run } = await report("success");
  expect((await post(`${pull}/comment`, { as: "", fields: { body: "hi" } })).status).toBe(401);
  for (const path of [`${pull}/merge`, `/maintainer/packages/runs/${run.id}/rerun`])
    expect((await post(path, { as: "stranger" })).status).toBe(403);
  expect((await post(`${pull}/state`, { as: "stranger", fields: { state: "closed" } })).status).toBe(403);
  expect(await state()).toMatchObject({ state: "open" });
  expect(await page(pull, "stranger")).not.toContain("Merge pull request");
});

test("the buttons of a check and its re-run reach the app that made it", async () => {
  const actions = [{ label: "ACK and build", description: "Consent", identifier: "ack" }];
  const { data: run } = await report("action_required", { actions });
  expect(await page(`${pull}/checks`, "maintainer")).toContain("ACK and build</button>");
  const here = `/maintainer/packages/runs/${run.id}`;
  expect((await post(`${here}/action`, { fields: { identifier: "ack" } })).to).toBe(`${pull}/checks`);
  expect((await heard("check_run", "requested_action"))[0]?.payload).toMatchObject({
    requested_action: { identifier: "ack" },
    sender: { login: "maintainer" },
  });
  await post(`${here}/rerun`);
  expect(await heard("check_run", "rerequested")).toHaveLength(1);
  await post(`/maintainer/packages/suites/${run.check_suite?.id}/rerun`);
  expect(await heard("check_suite", "rerequested")).toHaveLength(1);
  expect((await post(`${here}/action`, { fields: { identifier: "other" } })).status).toBe(422);
});

test("a pull request is closed, reopened, made a draft, made ready and merged by buttons", async () => {
  await post(`${pull}/state`, { fields: { state: "closed" } });
  expect(await state()).toMatchObject({ state: "closed" });
  await post(`${pull}/state`, { fields: { state: "open" } });
  await post(`${pull}/draft`, { fields: { draft: "yes" } });
  expect(await page(pull, "maintainer")).toContain("This is a draft.");
  await post(`${pull}/draft`, { fields: { draft: "no" } });
  expect((await post(`${pull}/merge`)).to).toBe(pull);
  expect(await state()).toMatchObject({ merged: true, merged_by: { login: "maintainer" } });
  const text = await page(pull);
  for (const words of ["closed this", "reopened this", "made this a draft", "merged this into"])
    expect(text).toContain(words);
});

test("the merge box says which checks are asked for and how they stand, and offers the merge when they are green", async () => {
  const { admin } = world;
  admin.protectBranch("maintainer", "packages", "main", { checks: ["build"] });
  const before = await page(pull, "maintainer");
  expect(before).toContain("Expected");
  expect(before).toContain("Required status check &quot;build&quot; is expected.");
  expect(before).not.toContain("Merge pull request");
  const refused = await post(`${pull}/merge`);
  expect(refused.status).toBe(405);
  expect(refused.text).toContain("is expected");
  await report("success");
  const after = await page(pull, "maintainer");
  expect(after).toContain("All checks are successful");
  expect(after).toContain("Merge pull request");
});

test("a branch with a queue is merged into by the queue's button", async () => {
  world.admin.protectBranch("maintainer", "packages", "main", { checks: ["build"], queue: true });
  await report("success");
  expect(await page(pull, "maintainer")).toContain("Merge when the queue allows");
  await post(`${pull}/queue`, { fields: { queue: "yes" } });
  expect(await page(pull, "maintainer")).toMatch(/In the merge queue<\/span>, place 1\s+of 1/);
  await post(`${pull}/queue`, { fields: { queue: "no" } });
  expect(await page(pull)).toContain("took this out of the merge queue");
});

test("a private repository is shown to those who may read it alone", async () => {
  const { admin } = world;
  await admin.createRepository({
    owner: "maintainer",
    name: "quiet-specs",
    private: true,
    files: { a: "b" },
  });
  expect(await page("/")).not.toContain("quiet-specs");
  expect(await page("/maintainer/quiet-specs", "stranger")).toContain("Not found");
  expect(await page("/maintainer/quiet-specs", "maintainer")).toContain(">private<");
});
