import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endAnsweredRight, here, stage, type Stage } from "./world.ts";

let world: Stage;

beforeEach(async () => {
  world = await stage();
  await world.admin.settled();
});
afterEach(() => endAnsweredRight(world));

const push = (text: string) =>
  world.admin.commit("maintainer", "packages", {
    by: "maintainer",
    branch: "main",
    message: text,
    files: { "hello/hello.spec": `Name: hello\n# ${text}\n` },
  });

test("a delivery that failed is found in the log and delivered again under the same GUID", async () => {
  const { app, hooks, admin } = world;
  hooks.answers.push(503);
  await push("one");
  await admin.settled();
  const { data: failed } = await app.rest.apps.listWebhookDeliveries({ per_page: 100 });
  const lost = failed.find(({ status_code }) => status_code === 503);
  expect(lost).toMatchObject({ redelivery: false, status: "Invalid HTTP Response" });

  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: lost?.id ?? 0 });
  await admin.settled();
  const attempts = hooks.heard.filter(({ guid }) => guid === lost?.guid);
  expect(attempts).toHaveLength(2);
  expect(attempts[1]?.payload).toEqual(attempts[0]?.payload);
  const { data: log } = await app.rest.apps.listWebhookDeliveries({ per_page: 100 });
  expect(log.filter(({ guid }) => guid === lost?.guid)).toMatchObject([
    { redelivery: true, status_code: 202 },
    { redelivery: false, status_code: 503 },
  ]);
  expect(world.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
});

test("one delivery shows what was sent and what was answered", async () => {
  const { app, admin } = world;
  await push("one");
  await admin.settled();
  const { data: log } = await app.rest.apps.listWebhookDeliveries();
  const { data } = await app.rest.apps.getWebhookDelivery({ delivery_id: log[0]?.id ?? 0 });
  expect(data.request.headers).toMatchObject({ "x-github-hook-installation-target-type": "integration" });
  expect(data.response.payload).toBe("heard");
  expect(world.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
});

test("the log is walked page by page with a cursor", async () => {
  const { app, admin } = world;
  await push("one");
  await push("two");
  await admin.settled();
  const all = await app.paginate(app.rest.apps.listWebhookDeliveries, { per_page: 2 });
  expect(all).toHaveLength(admin.deliveries().length);
  expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => b - a));
});

test("held deliveries are reordered, dropped and repeated as the test chooses", async () => {
  const { admin, hooks } = world;
  hooks.heard.splice(0);
  admin.hold();
  await push("one");
  await push("two");
  await push("three");
  const pushes = admin.held().filter(({ event }) => event === "push");
  const [one, , three] = pushes;
  expect(hooks.heard).toEqual([]);
  await admin.release([three!, one!, one!]);
  const messages = hooks.heard.map(({ payload }) => payload["head_commit"] as { message: string });
  expect(messages.map(({ message }) => message)).toEqual(["three", "one", "one"]);
});

test("a receiver that is not there is logged as such", async () => {
  const { app, admin } = world;
  const port = await freePort();
  const { token } = (await app.auth({ type: "app" })) as { token: string };
  await fetch(`${world.gitHub.apiUrl}/app/hook/config`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ url: `http://127.0.0.1:${port}/` }),
  });
  await push("one");
  await admin.settled();
  const { data: log } = await app.rest.apps.listWebhookDeliveries();
  expect(log[0]).toMatchObject({ status: "failed to connect to host", status_code: 0 });
});

test("a widened installation and a removed one are told", async () => {
  const { admin, hooks, installation } = world;
  await admin.createRepository({ owner: "maintainer", name: "more", files: { a: "b" } });
  await admin.install("maintainer", ["more"]);
  await admin.uninstall(installation);
  await admin.settled();
  expect(hooks.heard.map(({ event, action }) => `${event}.${action}`)).toEqual([
    "installation.created",
    "installation_repositories.added",
    "installation.deleted",
  ]);
  expect(world.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
});

test("what happens in a repository without the app is not told", async () => {
  const { admin, hooks } = world;
  await admin.createRepository({ owner: "maintainer", name: "private-notes", files: { a: "b" } });
  hooks.heard.splice(0);
  const change = { by: "maintainer", branch: "main", message: "more", files: { a: "c" } };
  await admin.commit("maintainer", "private-notes", change);
  await admin.settled();
  expect(hooks.heard).toEqual([]);
  expect((await world.bot.rest.repos.get(here)).data.name).toBe("packages");
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
