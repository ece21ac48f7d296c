import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { app } from "../../../src/bot/app.ts";
import type { BotEvent, RepoRef } from "../../../src/bot/events.ts";
import { probotHear } from "../../../src/platform/github/hear.ts";
import { endWithoutViolations, gitIn, here, withToken } from "../../local/github/world.ts";
import { APP, type Facing, facing } from "./world.ts";

let world: Facing;
let repo: RepoRef;
const logged: unknown[] = [];

beforeAll(async () => {
  world = await facing();
  repo = {
    id: world.at.id,
    node: expect.any(String),
    owner: "maintainer",
    ownerId: world.maintainer.id,
    name: "packages",
    installation: world.at.installation,
    private: false,
    defaultBranch: "main",
  };
  await world.admin.settled();
});
afterAll(() => endWithoutViolations(world));

const hear = (event: string, payload: unknown): Promise<readonly BotEvent[]> => {
  const log = (message: string, facts: object) => logged.push([message, facts]);
  const listening = probotHear({ ...APP, api: world.gitHub.apiUrl }, "secret", { listen: app, log });
  return listening({
    guid: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    at: "2026-11-21T10:00:00Z",
    event,
    body: JSON.stringify(payload),
  });
};

/** What this led to at the receiver of webhooks, heard by the bot. */
async function after(
  work: () => Promise<unknown>,
): Promise<readonly (readonly [string, readonly BotEvent[]])[]> {
  await world.admin.settled();
  world.hooks.heard.splice(0);
  await work();
  await world.admin.settled();
  return Promise.all(
    world.hooks.heard.map(async ({ event, action, payload }) => {
      const heard = await hear(event, payload);
      return [action ? `${event}.${action}` : event, heard] as const;
    }),
  );
}

const of = (all: readonly (readonly [string, readonly BotEvent[]])[], name: string) =>
  all.filter(([event]) => event === name).flatMap(([, events]) => events);

describe("what the local GitHub sends", () => {
  test("of a pull request's life becomes ours: opened, pushed to, closed, opened again", async () => {
    await world.commit("topic", { x: "1" });
    let number = 0;
    const opened = await after(async () => (number = await world.open("topic")));
    const changed = { kind: "pull-changed", repo, number };
    expect(of(opened, "pull_request.opened")).toEqual([changed]);
    const pushed = await after(() => world.commit("topic", { x: "2" }));
    expect(of(pushed, "pull_request.synchronize")).toEqual([changed]);
    const pulls = world.as(world.maintainer.token).rest.pulls;
    const closed = await after(() => pulls.update({ ...here, pull_number: number, state: "closed" }));
    expect(of(closed, "pull_request.closed")).toEqual([{ ...changed, kind: "pull-closed" }]);
    const again = await after(() => pulls.update({ ...here, pull_number: number, state: "open" }));
    expect(of(again, "pull_request.reopened")).toEqual([changed]);
  });

  test("of a push names the branch, also one with a slash; a tag is named too; what went starts nothing", async () => {
    const pushed = await after(() => world.commit("release/1.0", { x: "1" }));
    expect(of(pushed, "push")).toEqual([{ kind: "branch-pushed", repo, branch: "release/1.0" }]);
    const url = withToken(world.gitHub, world.maintainer.token, "maintainer/packages");
    await gitIn(world.dir, "clone", "-q", "--bare", url, "clone.git");
    const tagged = await after(() => gitIn(`${world.dir}/clone.git`, "push", "-q", url, "main:refs/tags/v1"));
    expect(of(tagged, "push")).toEqual([{ kind: "tag-pushed", repo, tag: "v1" }]);
    const untagged = await after(() => gitIn(`${world.dir}/clone.git`, "push", "-q", url, ":refs/tags/v1"));
    expect(of(untagged, "push")).toEqual([{ kind: "ignored", because: "the tag was deleted" }]);
    const deleted = await after(() => gitIn(`${world.dir}/clone.git`, "push", "-q", url, ":release/1.0"));
    expect(of(deleted, "push")).toEqual([{ kind: "ignored", because: "the branch was deleted" }]);
  });

  test("of a published Release names its tag; what a bot tags and publishes starts nothing", async () => {
    const heard = { kind: "tag-pushed", repo, tag: "v2" } as const;
    const repos = world.as(world.maintainer.token).rest.repos;
    const published = await after(() => repos.createRelease({ ...here, tag_name: "v2" }));
    expect(of(published, "release.published")).toEqual([heard]);
    expect(of(published, "push")).toEqual([heard]);
    const payload = world.hooks.heard.find(({ action }) => action === "published")?.payload as object;
    const ours = await hear("release", {
      ...payload,
      sender: { id: 9, login: "millwright[bot]", type: "Bot" },
    });
    expect(ours).toEqual([{ kind: "ignored", because: "only people are heard, not bots" }]);
  });

  test("of a check that is asked to run again names it as we did; one without our name is none of ours", async () => {
    const sha = await world.main();
    const created = (external_id: string | undefined) =>
      world.bot.rest.checks.create({
        ...here,
        name: "x",
        head_sha: sha,
        ...(external_id && { external_id }),
      });
    for (const [id, event] of [
      ["1/pull/7/a#rpm:C#", { kind: "rerun-asked", repo, externalId: "1/pull/7/a#rpm:C#", sha }],
      [undefined, { kind: "ignored", because: "the check run is not one of ours" }],
    ] as const) {
      const { data } = await created(id);
      const asked = await after(() => world.admin.rerunCheck(data.id, "maintainer"));
      expect(of(asked, "check_run.rerequested")).toEqual([event]);
    }
  });

  test("of a new comment by a person says who said what, and when", async () => {
    const person = world.as(world.maintainer.token).rest;
    const number = (await person.pulls.list(here)).data[0]?.number ?? 0;
    const said = { ...here, issue_number: number, body: "/build" };
    const all = await after(() => person.issues.createComment(said));
    const by = { id: world.maintainer.id, login: "maintainer" };
    expect(of(all, "issue_comment.created")).toEqual([
      {
        kind: "commented",
        repo,
        number,
        comment: expect.any(Number),
        at: expect.any(String),
        by,
        body: "/build",
      },
    ]);
  });

  test("of anything else means nothing to us", async () => {
    const all = await after(() => world.admin.ping());
    expect(all.map(([name]) => name)).toContain("ping");
    expect(all.flatMap(([, events]) => events)).toEqual([]);
  });
});

test("a delivery without an installation leads to nothing", async () => {
  await world.commit("again", { x: "1" });
  await world.admin.settled();
  const push = world.hooks.heard.findLast(({ event }) => event === "push")?.payload ?? {};
  const { installation, ...rest } = push;
  expect(installation).toBeDefined();
  expect(await hear("push", rest)).toEqual([
    { kind: "ignored", because: "the delivery names no installation" },
  ]);
});

test("events that Probot does not know are let pass", async () => {
  expect(await hear("brand_new_event", { action: "dreamt_up" })).toEqual([]);
});

test("what was heard of one delivery does not come up with the next", async () => {
  const push = world.hooks.heard.findLast(({ event }) => event === "push")?.payload;
  expect(await hear("push", push)).toHaveLength(1);
  expect(await hear("push", push)).toHaveLength(1);
});

test("hearing asks GitHub nothing", async () => {
  const every = { op: "*", times: 5, status: 502 };
  world.admin.fault(every);
  await hear("push", world.hooks.heard.findLast(({ event }) => event === "push")?.payload);
  expect(every.times).toBe(5);
  world.admin.clearFaults();
});
