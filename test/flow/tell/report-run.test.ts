import { describe, expect, test } from "vitest";
import { stickyMarker } from "../../../src/bot/words/sticky.ts";
import { AT, NEXT, opened, PULL, PUSH, repo, SHA, SOURCE, type World, world, X86 } from "../world.ts";

const of = { stage: SOURCE, attempt: 1, at: AT };
const failed = { kind: "ended", as: "failed", because: "no", ...of } as const;
const shown = (town: World) =>
  town.github.checks.map(({ check }) => [check.name, check.conclusion ?? check.status]);
const since = (town: World) => town.github.writes.splice(0);

describe("a report", () => {
  test("of a new run creates its checks and the comment, and says that it has", async () => {
    const town = await opened();
    await town.report(PULL);
    expect(shown(town)).toEqual([
      ["millwright", "queued"],
      ["rpm:greet:debian-12-x86_64", "queued"],
      ["rpm:greet:debian-12-aarch64", "queued"],
    ]);
    expect(town.github.comments).toMatchObject([
      { number: 7, body: expect.stringContaining(stickyMarker) as string },
    ]);
    expect(await town.run(PULL)).toMatchObject({ rev: 1, reported: 1 });
  });

  test("of what GitHub shows already writes nothing and asks nothing", async () => {
    const town = await opened();
    await town.report(PULL);
    since(town);
    town.github.broken.add("shown");
    await town.report(PULL);
    expect(since(town)).toEqual([]);
  });

  test("updates only the checks that differ, and edits the comment in place", async () => {
    const town = await opened();
    await town.report(PULL);
    await town.move(PULL, {
      kind: "passed",
      prefix: "p/",
      files: [{ name: "bundle.tar", size: 1, sha256: "0".repeat(64) }],
      ...of,
    });
    await town.report(PULL);
    since(town);
    await town.move(PULL, { kind: "started", build: "b:1", stage: X86, attempt: 1, at: AT });
    await town.report(PULL);
    expect(since(town)).toEqual([
      "show update rpm:greet:debian-12-x86_64",
      "show update millwright",
      "say update",
    ]);
    expect(town.github.comments).toHaveLength(1);
  });

  test("looks for the comment once, and writes a new one when somebody has deleted it", async () => {
    const town = await opened();
    await town.report(PULL);
    await town.move(PULL, { kind: "started", build: "b:1", ...of });
    await town.report(PULL);
    expect(town.github.asked).toEqual(["comment by looking", "comment by id"]);
    town.github.comments.splice(0);
    await town.move(PULL, failed);
    await town.report(PULL);
    await town.move(PULL, { kind: "retried", ...of });
    await town.report(PULL);
    expect(town.github.asked.slice(2)).toEqual(["comment by looking", "comment by id"]);
    expect(town.github.comments).toHaveLength(1);
  });

  test("that was overtaken while it wrote the comment says what holds by then", async () => {
    const town = await opened();
    const { github } = town;
    town.ports.github = {
      ...github,
      say: async (...said) => {
        const answer = await github.say(...said);
        github.pulls.set(7, github.pullOf({ sha: NEXT }));
        await town.decide({ kind: "pull-changed", repo, number: 7 });
        return answer;
      },
    };
    await town.report(PULL);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain("cccccccccc");
  });

  test("of a check that is over and is tried again creates a new one in its place", async () => {
    const town = await opened();
    await town.move(PULL, failed);
    await town.report(PULL);
    expect(shown(town)[1]).toEqual(["rpm:greet:debian-12-x86_64", "failure"]);
    since(town);
    await town.move(PULL, { kind: "retried", ...of });
    await town.report(PULL);
    expect(since(town).slice(0, 2)).toEqual([
      "show create millwright",
      "show create rpm:greet:debian-12-x86_64",
    ]);
    expect(shown(town)[1]?.[1]).toBe("queued");
  });

  test("links to the log, also where the recipe's name has a plus", async () => {
    const town = world();
    town.github.state.paths = ["libstdc++.spec"];
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide({ kind: "pull-changed", repo, number: 7 });
    await town.move(PULL, { kind: "started", build: "b:1", stage: "source/libstdc++", attempt: 1, at: AT });
    await town.report(PULL);
    expect(town.github.checks[1]?.check.detailsUrl).toBe(
      `https://logs.example/${PULL}/source/libstdc%2B%2B/1.txt`,
    );
  });

  test("of a push has no comment", async () => {
    const town = world();
    town.github.branches.set("main", { sha: SHA, isProtected: true });
    await town.decide({ kind: "branch-pushed", repo, branch: "main" });
    await town.report(PUSH);
    expect(town.github.comments).toEqual([]);
    expect(shown(town).map(([name]) => name)).toContain("publish:devel");
  });

  test("of a run that was superseded leaves the comment to the newer one", async () => {
    const town = await opened();
    await town.report(PULL);
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT }));
    await town.decide({ kind: "pull-changed", repo, number: 7 });
    await town.report(`1/pull/7/${NEXT}`);
    await town.report(PULL);
    expect(town.github.comments).toHaveLength(1);
    expect(town.github.comments[0]?.body).toContain("cccccccccc");
    expect(
      town.github.checks
        .filter(({ sha }) => sha === SHA)
        .every(({ check }) => check.conclusion === "cancelled"),
    ).toBe(true);
  });

  test("of a run that nobody knows does nothing", async () => {
    const town = world();
    await town.report("1/pull/8/x");
    expect(town.github.writes).toEqual([]);
  });
});

test.each(["shown", "show", "say"])(
  "when GitHub fails at %s the run stays untold, and the next report heals it",
  async (call) => {
    const town = await opened();
    town.github.broken.add(call);
    await expect(town.report(PULL)).rejects.toThrow("502");
    expect(await town.run(PULL)).toMatchObject({ reported: 0 });
    town.github.broken.clear();
    await town.report(PULL);
    expect(await town.run(PULL)).toMatchObject({ reported: 1 });
    expect(town.github.checks).toHaveLength(3);
    expect(town.github.comments).toHaveLength(1);
  },
);

test("what changes while it is being reported is told by the next report", async () => {
  const town = await opened();
  const { github } = town;
  town.ports.github = {
    ...town.github,
    show: async (...asked) => {
      const answer = await github.show(...asked);
      await town.move(PULL, { kind: "started", build: "b:1", ...of });
      return answer;
    },
  };
  await town.report(PULL);
  expect(await town.run(PULL)).toMatchObject({ rev: 2, reported: 1 });
  await town.report(PULL);
  expect(shown(town).map(([, state]) => state)).toEqual(["in_progress", "in_progress", "in_progress"]);
});
