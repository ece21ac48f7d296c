import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Check } from "../../../src/bot/check.ts";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { checksOn } from "../../../src/platform/github/checks.ts";
import { endWithoutViolations, here, refusal } from "../../local/github/world.ts";
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

describe("a check run", () => {
  test("is shown as it was written, with no more permission than that takes", async () => {
    const wanted = check({ detailsUrl: "https://logs.example/1.txt" });
    await world.github.show(world.at, sha, { check: wanted });
    expect(await shown()).toMatchObject([{ check: wanted }]);
    expect(world.asked()).toEqual([{ checks: "write" }, { checks: "read" }]);
  });

  test("goes from queued to in progress to its end under one id", async () => {
    await world.github.show(world.at, sha, { check: check() });
    const id = (await shown())[0]?.id;
    for (const next of [check({ status: "in_progress", title: "Building" }), done({ title: "Built" })]) {
      await world.github.show(world.at, sha, { check: next, id });
      expect(await shown()).toMatchObject([{ id, check: { status: next.status, title: next.title } }]);
    }
    expect((await shown())[0]?.check.conclusion).toBe("success");
  });

  test.each(["success", "failure", "neutral", "cancelled", "timed_out", "action_required"] as const)(
    "may end as %s",
    async (conclusion) => {
      await world.github.show(world.at, sha, { check: done({ conclusion }) });
      expect(await shown()).toMatchObject([{ check: { status: "completed", conclusion } }]);
    },
  );

  test("that takes another's place is the one that is shown", async () => {
    await world.github.show(world.at, sha, { check: done({ conclusion: "failure" }) });
    await world.github.show(world.at, sha, { check: check({ title: "again" }) });
    const now = await shown();
    expect(now).toHaveLength(1);
    expect(now[0]?.check).toMatchObject({ status: "queued", title: "again" });
  });

  test("is not hidden by that of another run at the same commit", async () => {
    await world.github.show(world.at, sha, { check: done({ externalId: "1/pull/7/a#rpm:greet" }) });
    await world.github.show(world.at, sha, { check: done({ externalId: "1/push/main/a#rpm:greet" }) });
    expect((await shown()).map((one) => one.check.externalId).toSorted()).toEqual([
      "1/pull/7/a#rpm:greet",
      "1/push/main/a#rpm:greet",
    ]);
  });

  test("of which there are more than a page are all shown", async () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${i}`);
    for (const name of names)
      await world.github.show(world.at, sha, { check: check({ name, externalId: name }) });
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
    expect(await world.comments.comment(world.at, number, MARK)).toBeUndefined();
    await world.comments.say(world.at, number, { body: `${MARK}\none` });
    const first = await world.comments.comment(world.at, number, MARK);
    expect(first?.body).toBe(`${MARK}\none`);
    await world.comments.say(world.at, number, { body: `${MARK}\ntwo`, id: first?.id });
    expect(await world.comments.comment(world.at, number, MARK)).toEqual({
      id: first?.id,
      body: `${MARK}\ntwo`,
    });
    expect(world.asked()).toEqual([READ, WRITE, READ, WRITE, READ]);
  });

  test("of a person that bears our marker is not ours", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const person = world.as(world.maintainer.token);
    await person.rest.issues.createComment({ ...here, issue_number: number, body: `${MARK}\nforged` });
    expect(await world.comments.comment(world.at, number, MARK)).toBeUndefined();
  });

  test("is found behind a hundred others", async () => {
    await world.commit("topic", { x: "y" });
    const number = await world.open("topic");
    const person = world.as(world.maintainer.token);
    for (let i = 0; i < 101; i += 1)
      await person.rest.issues.createComment({ ...here, issue_number: number, body: "hi" });
    await world.comments.say(world.at, number, { body: MARK });
    expect(await world.comments.comment(world.at, number, MARK)).toMatchObject({ body: MARK });
  });
});

test("a write that GitHub turns away fails at once and is not sent again", async () => {
  await world.commit("topic", { x: "y" });
  const number = await world.open("topic");
  const CALLS = [
    ["checks/create", () => world.github.show(world.at, sha, { check: check() })],
    ["issues/create-comment", () => world.comments.say(world.at, number, { body: "x" })],
  ] as const;
  for (const [op, call] of CALLS) {
    for (const [fault, status] of [
      [{ op, times: 2, status: 502 }, 502],
      [secondaryLimit(op, 2, 3600), 403],
    ] as const) {
      world.admin.fault(fault);
      expect([op, await refusal(call())]).toEqual([op, status]);
      expect([op, fault.times]).toEqual([op, 1]);
      world.admin.clearFaults();
    }
  }
  expect(await shown()).toEqual([]);
});
