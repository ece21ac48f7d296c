import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeMiddleware, createProbot } from "probot";
import { expect, test } from "vitest";
import { here, keys, stage } from "./world.ts";

test("an unmodified Probot app hears of a pull request and reports a check", async () => {
  const world = await stage();
  const probot = createProbot({
    overrides: {
      appId: 7,
      privateKey: keys.privateKey,
      secret: "s",
      baseUrl: world.gitHub.apiUrl,
      logLevel: "fatal",
    },
  });
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on("pull_request.opened", async (context) => {
        const { sha } = context.payload.pull_request.head;
        await context.octokit.rest.checks.create(context.repo({ name: "seen", head_sha: sha }));
      });
    },
    { probot, webhooksPath: "/hook" },
  );
  const server = createServer((request, response) => void middleware(request, response)).listen(
    0,
    "127.0.0.1",
  );
  try {
    await once(server, "listening");
    const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    world.gitHub.register({ ...world.options.app, webhookUrl, webhookSecret: "s" });
    const change = { by: "maintainer", branch: "topic", message: "a", files: { "a.spec": "Name: a\n" } };
    const head = await world.admin.commit("maintainer", "packages", change);
    const person = world.as(world.maintainer.token);
    await person.rest.pulls.create({ ...here, title: "a", head: "topic", base: "main" });
    await world.admin.settled();
    const { data } = await world.bot.rest.checks.listForRef({ ...here, ref: head });
    expect(data.check_runs.map(({ name }) => name)).toEqual(["seen"]);
    expect(world.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
  } finally {
    server.close();
    await world.end();
  }
});
