import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Check } from "../../../src/bot/check/check.ts";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import type { Showing } from "../../../src/ports-github.ts";
import { checksOn } from "../../../src/platform/github/checks.ts";
import { endWithoutViolations, here } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

const READ = { contents: "read", pull_requests: "read", metadata: "read" };
const WRITE = { pull_requests: "write" };

let world: Facing;
let sha: string;
beforeEach(async () => {
  world = await facing();
  sha = await world.main();
});
afterEach(() => endWithoutViolations(world));

const check = (of: Partial<Check> = {}): Check => ({
  name: "rpm:greet",
  externalId: "1/pull/7/a#rpm:greet",
  status: "queued",
  title: "Waiting",
  summary: "soon",
  ...of,
});
const done = (of: Partial<Check> = {}) => check({ status: "completed", conclusion: "success", ...of });
const shown = () => world.github.shown(world.at, sha);
const show = (...checks: readonly Showing[]) => world.github.show(world.at, sha, checks);

describe("a check run", () => {
  test("is shown as it was written, with no more permission than that takes", async () => {
    const wanted = check({ detailsUrl: "https://logs.example/1.txt" });
    await show({ check: wanted });
    expect(await shown()).toMatchObject([{ check: wanted }]);
    expect(world.asked()).toEqual([{ checks: "write" }, { checks: "read" }]);
  });

  test("goes from queued to in progress to its end under one id", async () => {
    await show({ check: check() });
    const id = (await shown())[0]?.id;
    for (const next of [check({ status: "in_progress", title: "Building" }), done({ title: "Built" })]) {
      await show({ check: next, id });
      expect(await shown()).toMatchObject([{ id, check: { status: next.status, title: next.title } }]);
    }
    expect((await shown())[0]?.check.conclusion).toBe("success");
  });

  test.each(["success", "failure", "neutral", "cancelled", "timed_out", "action_required"] as const)(
    "may end as %s",
    async (conclusion) => {
      await show({ check: done({ conclusion }) });
      expect(await shown()).toMatchObject([{ check: { status: "completed", conclusion } }]);
    },
  );

  test("that takes another's place is the one that is shown", async () => {
    await show({ check: done({ conclusion: "failure" }) });
    await show({ check: check({ title: "again" }) });
    const now = await shown();
    expect(now).toHaveLength(1);
    expect(now[0]?.check).toMatchObject({ status: "queued", title: "again" });
  });

  test("is not hidden by that of another run at the same commit", async () => {
    await show({ check: done({ externalId: "1/pull/7/a#rpm:greet" }) });
    await show({ check: done({ externalId: "1/push/main/a#rpm:greet" }) });
    expect((await shown()).map((one) => one.check.externalId).toSorted()).toEqual([
      "1/pull/7/a#rpm:greet",
      "1/push/main/a#rpm:greet",
    ]);
  });

  test("of which there are more than a page are all shown", async () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${i}`);
    await show(...names.map((name) => ({ check: check({ name, externalId: name }) })));
    expect((await shown()).map((one) => one.check.name).toSorted()).toEqual(names.toSorted());
  });

  test("of another app is none of ours", async () => {
    await world.bot.rest.checks.create({ ...here, name: "ours too", head_sha: sha });
    expect(await checksOn(world.clients, 8).shown(world.at, sha)).toEqual([]);
    expect(await shown()).toHaveLength(1);
  });
});

describe("the comment", () => {
  const MARK = "<!-- m -->";

  test("is written once, found by its marker, and edited in place", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    expect(await world.comments.comment(world.at, number, { marker: MARK })).toBeUndefined();
    await world.comments.say(world.at, number, { body: `${MARK}\none` });
    const first = await world.comments.comment(world.at, number, { marker: MARK });
    expect(first?.body).toBe(`${MARK}\none`);
    await world.comments.say(world.at, number, { body: `${MARK}\ntwo`, id: first?.id });
    expect(await world.comments.comment(world.at, number, { marker: MARK })).toEqual({
      id: first?.id,
      body: `${MARK}\ntwo`,
    });
    expect(world.asked()).toEqual([READ, WRITE, READ, WRITE, READ]);
  });

  test("whose id is known is asked for without listing the others", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const said = await world.comments.say(world.at, number, { body: MARK });
    const id = said.kind === "written" ? said.id : 0;
    world.admin.forgetCalls();
    expect(await world.comments.comment(world.at, number, { marker: MARK, id })).toEqual({ id, body: MARK });
    expect(world.admin.calls().map(({ operation }) => operation)).not.toContain("issues/list-comments");
  });

  test("that was deleted is gone, both for who reads it and for who edits it", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const said = await world.comments.say(world.at, number, { body: MARK });
    const id = said.kind === "written" ? said.id : 0;
    await world.as(world.maintainer.token).rest.issues.deleteComment({ ...here, comment_id: id });
    expect(await world.comments.comment(world.at, number, { marker: MARK, id })).toBeUndefined();
    expect(await world.comments.say(world.at, number, { body: MARK, id })).toEqual({ kind: "gone" });
  });

  test("of a person that bears our marker is not ours", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const person = world.as(world.maintainer.token);
    await person.rest.issues.createComment({ ...here, issue_number: number, body: `${MARK}\nforged` });
    expect(await world.comments.comment(world.at, number, { marker: MARK })).toBeUndefined();
  });

  test("is found behind a hundred others", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const person = world.as(world.maintainer.token);
    for (let i = 0; i < 101; i += 1)
      await person.rest.issues.createComment({ ...here, issue_number: number, body: "hi" });
    await world.comments.say(world.at, number, { body: MARK });
    expect(await world.comments.comment(world.at, number, { marker: MARK })).toMatchObject({ body: MARK });
  });
});

test("a write that GitHub turns away fails at once and is not sent again", async () => {
  await world.commit("topic", { x: "y" });
  const number = await world.open("topic");
  const CALLS = [
    ["graphql", () => show({ check: check() })],
    ["issues/create-comment", () => world.comments.say(world.at, number, { body: "x" })],
  ] as const;
  for (const [op, call] of CALLS) {
    const fault = { op, times: 2, status: 502 };
    world.admin.fault(fault);
    await expect(call()).rejects.toThrow(/502|Server Error/);
    expect([op, fault.times]).toEqual([op, 1]);
    world.admin.clearFaults();
    const limit = secondaryLimit(op, 2, 3600);
    world.admin.fault(limit);
    expect(await call()).toEqual({ kind: "limited", seconds: 3600 });
    expect([op, limit.times]).toEqual([op, 1]);
    world.admin.clearFaults();
  }
  expect(await shown()).toEqual([]);
});
