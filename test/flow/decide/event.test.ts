import { describe, expect, test } from "vitest";
import { decideEvent } from "../../../src/flow/decide/event.ts";
import { NEXT, opened, PULL, PUSH, repo, SHA, SOURCE, world } from "../world.ts";

const changed = { kind: "pull-changed", repo, number: 7 } as const;
const closed = { kind: "pull-closed", repo, number: 7 } as const;
const pushed = { kind: "branch-pushed", repo, branch: "main" } as const;

function withPull(author = 12) {
  const town = world();
  town.github.pulls.set(7, town.github.pullOf({ author: { id: author, login: "octocat" } }));
  return town;
}

function withMain(isProtected = true) {
  const town = world();
  town.github.branches.set("main", { sha: SHA, isProtected });
  return town;
}

describe("a pull request", () => {
  test("of somebody who may write becomes an untrusted run", async () => {
    const town = withPull();
    expect(await town.deliver("g1", changed)).toEqual([
      { event: "pull-changed", because: "the author may write to this repository", run: PULL },
    ]);
    expect(await town.run(PULL)).toMatchObject({ zone: "untrusted", trigger: { base: "b".repeat(40) } });
    expect(town.ports.stages.sent).toEqual([{ v: 1, pool: "source-untrusted" }]);
    expect(town.ports.reports.sent).toEqual([{ v: 1, run: PULL }]);
  });

  test("of somebody whom the default branch's config trusts is built too", async () => {
    const town = withPull(99);
    town.github.files.set(".millwright.yml", "trusted: [99]\n");
    expect((await town.deliver("g1", changed))[0]?.run).toBe(PULL);
  });

  test("of anybody else is not built, and its commit says so once, however often it is asked about", async () => {
    const town = withPull(99);
    for (const guid of ["g1", "g2"])
      expect(await town.deliver(guid, changed)).toEqual([
        { event: "pull-changed", because: "Waiting for a committer" },
      ]);
    expect(town.ports.runs.all.size).toBe(0);
    expect(town.github.checks).toMatchObject([{ sha: SHA, check: { conclusion: "action_required" } }]);
    expect(town.github.writes).toHaveLength(1);
  });

  test("that is trusted later is built, and what was refused no longer holds it back", async () => {
    const town = withPull(99);
    await town.decide(changed);
    town.github.files.set(".millwright.yml", "trusted: [99]\n");
    await town.decide(changed);
    expect(await town.run(PULL)).toBeDefined();
    expect(town.github.checks.map(({ check }) => check.status)).toEqual(["queued"]);
  });

  test.each([
    [
      "a config with a mistake",
      { ".millwright.yml": "trust: []\n" },
      ["greet.spec"],
      "failure",
      "has a mistake",
    ],
    [
      "an unknown target",
      { ".millwright.yml": "targets: { x: [x86_64] }\n" },
      ["greet.spec"],
      "failure",
      "has a mistake",
    ],
    [
      "an arch without a root",
      { ".millwright.yml": "targets: { debian-12: [s390x] }\n" },
      ["greet.spec"],
      "failure",
      "has a mistake",
    ],
    ["no recipe", {}, ["README.md"], "neutral", "Nothing to build"],
  ] as const)(
    "with %s is refused, and the commit says why",
    async (...[, files, paths, conclusion, title]) => {
      const town = withPull();
      for (const [path, text] of Object.entries(files)) town.github.files.set(path, text);
      town.github.state.paths = paths;
      await town.decide(changed);
      expect(town.github.checks).toMatchObject([
        { check: { conclusion, title: expect.stringContaining(title) as string } },
      ]);
      expect(town.ports.runs.all.size).toBe(0);
    },
  );

  test("that is closed or gone by the time we look leads to nothing", async () => {
    const town = world();
    expect((await town.deliver("g1", changed))[0]?.because).toBe("GitHub no longer has it");
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    expect((await town.deliver("g2", changed))[0]?.because).toBe("the pull request is not open");
  });

  test("whose base became another branch is built anew, once what was begun for the old one has stopped", async () => {
    const town = await opened();
    await town.dispatch("source-untrusted");
    const build = (await town.stage(PULL, SOURCE)).build ?? "";
    const base = { branch: "stable", sha: "d".repeat(40), defaultBranch: "main" };
    town.github.pulls.set(7, town.github.pullOf({ base }));
    await expect(town.decide(changed)).rejects.toThrow("is still being stopped");
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "cancelled" });
    town.builder.end(build, "STOPPED");
    await town.track(build);
    await town.decide(changed);
    const run = await town.run(PULL);
    expect(run.trigger).toMatchObject({ branch: "stable", base: base.sha });
    expect(run.superseded).toBeUndefined();
    expect(run.stages.filter(({ kind }) => kind !== "publish")).toMatchObject([
      { name: SOURCE, state: "ready", attempt: 2 },
      { state: "waiting", attempt: 2 },
      { state: "waiting", attempt: 2 },
    ]);
    await town.decide(changed);
    expect(await town.run(PULL)).toEqual(run);
  });

  test("tells an image from other XML by its root, not by its name", async () => {
    const town = withPull();
    town.github.state.paths = ["greet.spec", "img/config.xml", "app/config.xml"];
    town.github.files.set("img/config.xml", '<?xml version="1.0"?><image schemaversion="7.5" name="os"/>');
    town.github.files.set("app/config.xml", "<configuration/>");
    await town.decide(changed);
    expect((await town.run(PULL)).left).toEqual([{ what: "img", because: "nothing changed in `img/`" }]);
  });

  test("that got a new commit gives the old run up", async () => {
    const town = await opened();
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT }));
    await town.decide(changed);
    expect(await town.run(PULL)).toMatchObject({
      superseded: NEXT,
      stages: [{ state: "cancelled", because: "Superseded by cccccccccc." }, {}, {}],
    });
    expect((await town.run(`1/pull/7/${NEXT}`)).stages[0]).toMatchObject({ state: "ready" });
  });

  test("that was pushed back to its old commit gets its old run back", async () => {
    const town = await opened();
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT }));
    await town.decide(changed);
    town.github.pulls.set(7, town.github.pullOf({ sha: SHA }));
    await town.decide(changed);
    const run = await town.run(PULL);
    expect(run.superseded).toBeUndefined();
    expect(run.stages[0]).toMatchObject({ state: "ready", attempt: 2 });
    expect(town.ports.blobs.all.has(`open/${PULL}`)).toBe(true);
  });

  test("that is closed has its run cancelled, and opened again has it back", async () => {
    const town = await opened();
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    expect(await town.deliver("g1", closed)).toEqual([
      { event: "pull-closed", because: "the pull request is closed", run: PULL },
    ]);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({
      state: "cancelled",
      because: "The pull request was closed.",
    });
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide(changed);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "ready", attempt: 2 });
  });

  test("that is wanted again while its build is still being stopped is asked about again later", async () => {
    const town = await opened();
    await town.dispatch("source-untrusted");
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    await town.deliver("g1", closed);
    town.github.pulls.set(7, town.github.pullOf({}));
    await expect(town.decide(changed)).rejects.toThrow("still being stopped");
    const build = (await town.stage(PULL, SOURCE)).build ?? "";
    town.builder.end(build, "STOPPED");
    await town.track(build);
    await town.decide(changed);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "ready", attempt: 2 });
  });

  test("that was closed and opened before we looked is not cancelled", async () => {
    const town = await opened();
    await town.deliver("g1", closed);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "ready" });
  });
});

describe("a push", () => {
  test("to a protected branch that feeds a channel is a trusted run that publishes", async () => {
    const town = withMain();
    expect(await town.deliver("g1", pushed)).toEqual([
      { event: "branch-pushed", because: "it was pushed to a branch of this repository", run: PUSH },
    ]);
    expect(await town.run(PUSH)).toMatchObject({ zone: "trusted", channel: "devel" });
  });

  test("to a branch that is not protected is built, not published", async () => {
    const town = withMain(false);
    await town.decide(pushed);
    const run = await town.run(PUSH);
    expect(run).toMatchObject({ zone: "untrusted" });
    expect(run.stages.some(({ kind }) => kind === "publish")).toBe(false);
  });

  test("to a branch that feeds no channel leads to nothing; the default branch is remembered for the sweep", async () => {
    const town = withMain();
    town.github.files.set(".millwright.yml", "channels: { stable: { branch: stable } }\n");
    town.github.branches.set("topic", { sha: NEXT, isProtected: true });
    expect((await town.deliver("g1", pushed))[0]?.because).toBe("no channel is fed by the branch main");
    await town.deliver("g2", { ...pushed, branch: "topic" });
    expect([...town.ports.newest.all.keys()]).toEqual(["heads/1/branch/main"]);
    expect(town.ports.runs.all.size).toBe(0);
  });

  test("to a branch that is gone leads to nothing", async () => {
    expect((await world().deliver("g1", pushed))[0]?.because).toBe("GitHub no longer has it");
  });
});

describe("a check that is asked to run again", () => {
  const asked = (externalId: string) =>
    ({ kind: "rerun-asked", repo, externalId, sha: "a".repeat(40) }) as const;
  const JOB = `${PULL}#rpm:greet:debian-12-x86_64`;

  test("has what did not pass tried again, and the sweep looks at the run again", async () => {
    const town = await opened();
    const of = { stage: SOURCE, attempt: 1, at: "2026-11-21T11:00:00.000Z" };
    await town.move(PULL, { kind: "ended", as: "failed", because: "no", ...of });
    await town.ports.blobs.remove(`open/${PULL}`);
    expect((await town.deliver("g1", asked(JOB)))[0]).toMatchObject({ run: PULL });
    expect((await town.run(PULL)).stages.map(({ state, attempt }) => [state, attempt])).toEqual([
      ["ready", 2],
      ["waiting", 2],
      ["waiting", 2],
    ]);
    expect(town.ports.blobs.all.has(`open/${PULL}`)).toBe(true);
  });

  test("that has passed is left as it is", async () => {
    const town = await opened();
    const of = { stage: SOURCE, attempt: 1, at: "2026-11-21T11:00:00.000Z" };
    await town.move(PULL, { kind: "passed", prefix: "p/", files: [], ...of });
    const before = await town.run(PULL);
    await town.deliver("g1", asked(JOB));
    expect(await town.run(PULL)).toEqual(before);
  });

  test.each(["", "#", "notice#abc", "1/pull/8/x#y", "../x#y"])("named %j is none of ours", async (id) => {
    const town = await opened();
    expect((await town.deliver("g1", asked(id)))[0]?.because).toBe("there is no run that this asks about");
  });

  test("of another repository's run is not heard", async () => {
    const town = await opened();
    const before = await town.run(PULL);
    await town.deliver("g1", { ...asked(JOB), repo: { ...repo, id: 2 } });
    expect(await town.run(PULL)).toEqual(before);
  });
});

describe("whatever arrives", () => {
  test("for an account that is not served leads to nothing, not even a question to GitHub", async () => {
    const town = withPull();
    const foreign = { ...repo, ownerId: 51 };
    const events = [changed, closed, pushed].map((event) => ({ ...event, repo: foreign }));
    const verdicts = await town.deliver("g1", ...events);
    expect(new Set(verdicts.map(({ because }) => because))).toEqual(
      new Set(["this account is not served by this deployment"]),
    );
    expect(town.github.writes).toEqual([]);
    expect(town.ports.runs.all.size).toBe(0);
  });

  test("twice leads to one run and one start", async () => {
    const town = withPull();
    for (const guid of ["g1", "g1", "g2"]) await town.deliver(guid, changed);
    expect(town.ports.runs.all.size).toBe(1);
    expect(town.ports.stages.sent).toHaveLength(1);
  });

  test("that starts nothing is in the ledger with its reason", async () => {
    const town = world();
    expect(await town.deliver("g1")).toEqual([
      { event: "ignored", because: "any is not an event that starts anything" },
    ]);
    expect(await town.deliver("g2", { kind: "ignored", because: "it is a tag" })).toEqual([
      { event: "ignored", because: "it is a tag" },
    ]);
  });

  test("without a record in the ledger fails, so that the queue brings it back", async () => {
    const town = world();
    await expect(decideEvent(town.ports)({ v: 1, delivery: "none" })).rejects.toThrow(
      "no delivery none in the ledger",
    );
  });
});
