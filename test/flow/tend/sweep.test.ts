import { describe, expect, test } from "vitest";
import { AT, NEXT, opened, PULL, PUSH, repo, SHA, SOURCE, type World, world, X86 } from "../world.ts";

const POOL = "source-untrusted";
const pulled = { v: 1, event: { kind: "pull-changed", repo, number: 7 } };
const pushed = { v: 1, event: { kind: "branch-pushed", repo, branch: "main" } };

/** GitHub has this repository with this head of its default branch. */
function serving(town: World, sha?: string): World {
  town.github.state.repositories = [repo];
  if (sha) town.github.branches.set("main", { sha, isProtected: true });
  return town;
}

describe("runs", () => {
  test("whose build ended unheard are told so", async () => {
    const town = await opened();
    await town.dispatch(POOL);
    town.builder.end(`${POOL}:1`, "FAILED");
    await town.sweep();
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "failed" });
  });

  test("whose messages were lost are woken and reported again, under another name", async () => {
    const town = await opened();
    town.ports.stages.sent.length = 0;
    town.ports.reports.sent.length = 0;
    await town.sweep();
    await town.sweep();
    expect(town.ports.stages.sent).toEqual([
      { v: 1, pool: POOL },
      { v: 1, pool: POOL },
    ]);
    expect(town.ports.reports.sent).toEqual([
      { v: 1, run: PULL },
      { v: 1, run: PULL },
    ]);
  });

  test("whose marker in the pool's line was lost get a new one", async () => {
    const town = await opened();
    for (const key of town.ports.blobs.all.keys())
      if (key.startsWith("waiting/")) town.ports.blobs.all.delete(key);
    await town.sweep();
    await town.dispatch(POOL);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "running" });
  });

  test("whose stop was lost are stopped", async () => {
    const town = await opened();
    await town.dispatch(POOL);
    await town.move(PULL, { kind: "cancelled", at: AT, because: "no more" });
    town.ports.stages.sent.length = 0;
    await town.sweep();
    expect(town.ports.stages.sent).toContainEqual({ v: 1, stop: `${POOL}:1` });
  });

  test("that were cancelled in the middle of a start: the build is found and stopped", async () => {
    const town = await opened();
    town.builder.answers.push("lost");
    await expect(town.dispatch(POOL)).rejects.toThrow("lost");
    await town.move(PULL, { kind: "cancelled", at: AT, because: "no more" });
    await town.sweep();
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "cancelled", build: `${POOL}:1` });
    expect(town.ports.stages.sent).toContainEqual({ v: 1, stop: `${POOL}:1` });
  });

  test("that were cancelled before a start came about are over", async () => {
    const town = await opened();
    await town.move(
      PULL,
      { kind: "dispatched", stage: SOURCE, attempt: 1, at: AT },
      { kind: "cancelled", at: AT, because: "no" },
    );
    await town.sweep();
    expect((await town.stage(PULL, SOURCE)).endedAt).toBeDefined();
  });

  test("that are over and told are looked at no more, nor are markers without a run", async () => {
    const town = await opened();
    await town.ports.blobs.put("open/1/pull/9/x", "");
    await town.move(PULL, { kind: "ended", as: "failed", because: "no", stage: SOURCE, attempt: 1, at: AT });
    await town.report(PULL);
    await town.ports.blobs.put(`open/${PULL}`, "");
    await town.sweep();
    expect([...town.ports.blobs.all.keys()].filter((key) => key.startsWith("open/"))).toEqual([]);
  });

  test("that cannot be looked at do not hold back the others", async () => {
    const town = await opened();
    town.github.pulls.set(8, town.github.pullOf({ number: 8, sha: NEXT }));
    await town.decide({ kind: "pull-changed", repo, number: 8 });
    await town.dispatch(POOL);
    for (const { build } of town.builder.builds.values()) town.builder.end(build, "FAILED");
    const log = town.builder.log;
    town.ports.builder = {
      ...town.builder,
      log: async (build) => (build === `${POOL}:1` ? Promise.reject(new Error("no log")) : log(build)),
    };
    await expect(town.sweep()).rejects.toThrow("parts of the sweep failed");
    const states = [await town.stage(PULL, SOURCE), await town.stage(`1/pull/8/${NEXT}`, SOURCE)].map(
      ({ state }) => state,
    );
    expect(states.toSorted()).toEqual(["failed", "running"]);
  });
});

describe("heads", () => {
  test("of a pull request whose webhook was lost become an event", async () => {
    const town = serving(await opened());
    await town.sweep();
    expect(town.ports.events.sent).toEqual([]);
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT }));
    await town.sweep();
    expect(town.ports.events.sent).toEqual([pulled]);
  });

  test("of a pull request that nobody ever told us of become an event", async () => {
    const town = serving(world());
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.sweep();
    expect(town.ports.events.sent).toEqual([pulled]);
  });

  test("of a default branch seen for the first time are remembered, not built", async () => {
    const town = serving(world(), SHA);
    await town.sweep();
    expect(town.ports.events.sent).toEqual([]);
    expect((await town.ports.newest.read("heads/1/branch/main"))?.value).toEqual({ v: 1, sha: SHA });
    await town.sweep();
    expect(town.ports.events.sent).toEqual([]);
  });

  test("of a default branch that moved since become an event until it is decided", async () => {
    const town = serving(world(), SHA);
    await town.sweep();
    serving(town, NEXT);
    await town.sweep();
    await town.sweep();
    expect(town.ports.events.sent).toEqual([pushed, pushed]);
    await town.decide({ kind: "branch-pushed", repo, branch: "main" });
    await town.sweep();
    expect(town.ports.events.sent).toHaveLength(2);
  });

  test("of a push that comes while it is being remembered are built all the same", async () => {
    const town = serving(world(), SHA);
    await town.sweep();
    await town.decide({ kind: "branch-pushed", repo, branch: "main" });
    expect(await town.run(PUSH)).toMatchObject({ zone: "trusted" });
  });

  test("of an empty repository are nothing", async () => {
    const town = serving(world());
    await town.sweep();
    expect(town.ports.newest.all.size).toBe(0);
  });

  test("of accounts that are not served are not asked for", async () => {
    const town = serving(world(), SHA);
    town.github.state.repositories = [{ ...repo, ownerId: 51 }];
    town.github.broken.add("openPulls os");
    await town.sweep();
    expect(town.ports.newest.all.size).toBe(0);
  });

  test("of a repository that cannot be asked do not hold back the others", async () => {
    const town = serving(world(), SHA);
    town.github.state.repositories = [{ ...repo, id: 2, name: "broken" }, repo];
    town.github.broken.add("openPulls broken");
    await expect(town.sweep()).rejects.toThrow("parts of the sweep failed");
    expect([...town.ports.newest.all.keys()]).toEqual(["heads/1/branch/main"]);
  });
});

test("deliveries that GitHub could not hand over are asked for again", async () => {
  const town = world();
  town.github.state.failed = [41, 42];
  await town.sweep();
  expect(town.github.writes).toEqual(["redeliver 41", "redeliver 42"]);
});

test.each([
  ["failedDeliveries", ["heads/1/branch/main"], []],
  ["repositories", [], ["redeliver 41"]],
] as const)("a GitHub that fails at %s does not hold back the rest", async (call, heads, redelivered) => {
  const town = serving(await opened(), SHA);
  await town.dispatch(POOL);
  town.builder.end(`${POOL}:1`, "FAILED");
  town.github.state.failed = [41];
  town.github.broken.add(call);
  await expect(town.sweep()).rejects.toThrow("parts of the sweep failed");
  expect(await town.stage(PULL, X86)).toMatchObject({ state: "skipped" });
  expect([...town.ports.newest.all.keys()].filter((key) => key.includes("branch"))).toEqual(heads);
  expect(town.github.writes).toEqual(redelivered);
});
