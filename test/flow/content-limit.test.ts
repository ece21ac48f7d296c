import { describe, expect, test } from "vitest";
import { ReportsMessage } from "../../src/pipelines/messages.ts";
import { reportRun } from "../../src/flow/tell/report-run.ts";
import { AT, opened, PULL, repo, SOURCE, type World, world } from "./world.ts";

const of = { stage: SOURCE, attempt: 1, at: AT };
const failed = { kind: "ended", as: "failed", because: "no", ...of } as const;
const started = { kind: "started", build: "b:1", ...of } as const;
const entered = { kind: "entered", phase: "BUILD", ...of } as const;
const pass = (town: World, seconds: number) => {
  const then = Date.parse(town.ports.clock()) + seconds * 1000;
  town.ports.clock = () => new Date(then).toISOString();
};
const writes = (town: World) => town.github.writes.splice(0);
const states = (town: World) =>
  Object.fromEntries(town.github.checks.map(({ check }) => [check.name, check.conclusion ?? check.status]));

/** A pull request with this many recipes, so with twice as many checks, at a time that stands still. */
async function large(recipes: number): Promise<World> {
  const town = world();
  town.ports.clock = () => AT;
  town.github.state.paths = Array.from({ length: recipes }, (_, i) => `p${i}.spec`);
  town.github.pulls.set(7, town.github.pullOf({}));
  await town.decide({ kind: "pull-changed", repo, number: 7 });
  return town;
}

async function still(): Promise<World> {
  const town = await opened();
  town.ports.clock = () => AT;
  return town;
}

describe("of a report that is larger than what GitHub takes in a minute", () => {
  test("the rest is told by later ones, and the run counts as told when all is shown", async () => {
    const town = await large(45);
    await town.report(PULL);
    const first = writes(town).filter((write) => write.startsWith("show"));
    expect(first.length).toBeLessThanOrEqual(80);
    expect(first[0]).toBe("show create millwright");
    expect(await town.run(PULL)).toMatchObject({ reported: 0 });
    await town.report(PULL);
    expect(writes(town)).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      pass(town, 60);
      await town.report(PULL);
    }
    expect(await town.run(PULL)).toMatchObject({ reported: 1 });
    expect(town.github.checks).toHaveLength(91);
  });

  test("what has ended comes first", async () => {
    const town = await large(45);
    await town.move(PULL, { ...failed, stage: "source/p44" });
    await town.report(PULL);
    expect(writes(town).slice(0, 3)).toEqual([
      "show create millwright",
      "show create rpm:p44:debian-12-x86_64",
      "show create rpm:p44:debian-12-aarch64",
    ]);
  });
});

describe("when little is left", () => {
  test("what has ended is told, and what goes on waits", async () => {
    const town = await large(35);
    await town.report(PULL);
    pass(town, 30);
    await town.move(PULL, { ...started, stage: "source/p0" }, { ...failed, stage: "source/p1" });
    writes(town);
    await town.report(PULL);
    expect(states(town)).toMatchObject({
      "rpm:p0:debian-12-x86_64": "queued",
      "rpm:p1:debian-12-x86_64": "failure",
      "rpm:p1:debian-12-aarch64": "neutral",
    });
    expect(await town.run(PULL)).toMatchObject({ rev: 3, reported: 1 });
    pass(town, 90);
    await town.report(PULL);
    expect(states(town)).toMatchObject({ "rpm:p0:debian-12-x86_64": "in_progress" });
  });
});

describe("updates of one run", () => {
  test("are some seconds apart", async () => {
    const town = await still();
    await town.move(PULL, started);
    await town.report(PULL);
    await town.move(PULL, entered);
    writes(town);
    pass(town, 9);
    await town.report(PULL);
    expect(writes(town)).toEqual([]);
    expect(await town.run(PULL)).toMatchObject({ rev: 3, reported: 2 });
    pass(town, 1);
    await town.report(PULL);
    expect(writes(town)).toContain("show update rpm:greet:debian-12-x86_64");
    expect(await town.run(PULL)).toMatchObject({ rev: 3, reported: 3 });
  });

  test("that came too early are asked for again by the sweep", async () => {
    const town = await still();
    await town.move(PULL, started);
    await town.report(PULL);
    await town.move(PULL, entered);
    await town.report(PULL);
    pass(town, 60);
    const before = town.ports.reports.sent.length;
    await town.sweep();
    expect(town.ports.reports.sent.slice(before)).toContainEqual({ v: 1, run: PULL });
  });

  test("come at once where work begins and there is plenty of room", async () => {
    const town = await still();
    await town.report(PULL);
    await town.move(PULL, started);
    await town.report(PULL);
    expect(Object.values(states(town))).toEqual(["in_progress", "in_progress", "in_progress"]);
  });

  test("come at once where something has ended, and bring along what else has changed", async () => {
    const town = await still();
    await town.report(PULL);
    writes(town);
    await town.move(PULL, failed);
    await town.report(PULL);
    expect(writes(town)).toHaveLength(4);
    expect(await town.run(PULL)).toMatchObject({ rev: 2, reported: 2 });
  });
});

describe("when GitHub has had enough", () => {
  test("nothing is written until it takes more, and then all is told", async () => {
    const town = await still();
    town.github.state.limited = 120;
    await town.report(PULL);
    town.github.state.limited = 0;
    pass(town, 119);
    await town.report(PULL);
    expect(writes(town)).toEqual([]);
    expect(await town.run(PULL)).toMatchObject({ reported: 0 });
    pass(town, 1);
    await town.report(PULL);
    expect(await town.run(PULL)).toMatchObject({ reported: 1 });
    expect(town.github.comments).toHaveLength(1);
  });

  test("an answer in the comment fails its message, so that the queue brings it back", async () => {
    const town = await still();
    await town.report(PULL);
    town.github.comments.splice(0);
    town.github.state.limited = 60;
    const answer = ReportsMessage.parse({ v: 1, repo: (await town.run(PULL)).repo, pull: 7 });
    await expect(reportRun(town.ports)(answer)).rejects.toThrow("takes no more comments");
    town.github.state.limited = 0;
    pass(town, 60);
    await reportRun(town.ports)(answer);
    expect(town.github.comments).toHaveLength(1);
  });

  test("a refusal fails its event, and the commit is not taken for decided", async () => {
    const town = world();
    town.github.writers.clear();
    town.github.pulls.set(7, town.github.pullOf({}));
    town.github.state.limited = 60;
    const event = { kind: "pull-changed", repo, number: 7 } as const;
    await expect(town.decide(event)).rejects.toThrow("takes no more checks");
    expect([...town.ports.newest.all]).toEqual([]);
    town.github.state.limited = 0;
    await town.decide(event);
    expect(states(town)).toEqual({ millwright: "action_required" });
  });
});

describe("remarks", () => {
  const remark = { path: "greet.spec", line: 3, level: "failure", message: "no" } as const;
  const remarks = (town: World) =>
    town.github.checks.find(({ check }) => check.name.endsWith("x86_64"))?.remarks;

  test("are shown once, and are gone with the check that bore them when it is tried again", async () => {
    const town = await still();
    await town.report(PULL);
    await town.move(PULL, { ...failed, remarks: [remark], trouble: { guessed: false } });
    await town.report(PULL);
    expect(remarks(town)).toBe(1);
    await town.move(PULL, { kind: "retried", ...of });
    await town.move(PULL, { ...failed, attempt: 2, because: "again", remarks: [remark] });
    await town.report(PULL);
    expect(remarks(town)).toBe(1);
  });
});
