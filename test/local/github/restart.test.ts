import { expect, test } from "vitest";
import { here, stage } from "./world.ts";

test("a GitHub that was ended goes on where it was", async () => {
  const before = await stage();
  const { admin, maintainer, dir, bot } = before;
  const change = { by: "maintainer", branch: "topic", message: "one", files: { "a.spec": "Name: a\n" } };
  const head = await admin.commit("maintainer", "packages", change);
  const person = before.as(maintainer.token);
  const { data: pull } = await person.rest.pulls.create({
    ...here,
    title: "one",
    head: "topic",
    base: "main",
  });
  const { data: check } = await bot.rest.checks.create({ ...here, name: "build", head_sha: head });
  admin.hold();
  await bot.rest.issues.createComment({ ...here, issue_number: pull.number, body: "hello" });
  const kept = admin.held().map(({ guid }) => guid);
  await before.leave();

  const after = await stage({ dir });
  try {
    const again = after.as(maintainer.token);
    expect((await again.rest.pulls.get({ ...here, pull_number: pull.number })).data.head.sha).toBe(head);
    expect((await after.bot.rest.checks.get({ ...here, check_run_id: check.id })).data.name).toBe("build");
    const { data: comments } = await again.rest.issues.listComments({ ...here, issue_number: pull.number });
    expect(comments.map(({ body }) => body)).toEqual(["hello"]);
    const { data: next } = await again.rest.issues.createComment({
      ...here,
      issue_number: pull.number,
      body: "and on",
    });
    expect(next.id).toBeGreaterThan(comments[0]?.id ?? 0);
    await after.admin.settled();
    expect(after.hooks.heard.map(({ guid }) => guid)).toEqual(expect.arrayContaining(kept));
    expect(after.gitHub.violations()).toEqual({ request: [], response: [], webhook: [] });
  } finally {
    await after.end();
  }
});
