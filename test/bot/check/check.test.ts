import { describe, expect, test } from "vitest";
import { checksOf, notice } from "../../../src/bot/check/check.ts";
import { type StageState, StageState as States } from "../../../src/pipelines/stage.ts";
import { ADVISORY, BUILD, files, having, pullRun, pushRun, SOURCE, telling } from "../sample.ts";

const SHA_OF_NOTHING = "0".repeat(40);
const passedSource = { [SOURCE]: { state: "passed" as const, files } };

/** Each state of a build: how its check stands if it is required, if it is advisory, and what its title says. */
const TABLE: Readonly<Record<StageState, readonly [string, string, string]>> = {
  waiting: ["queued", "queued", "Waiting for the sources"],
  ready: ["queued", "queued", "Building: waiting for a builder"],
  starting: ["queued", "queued", "Building: waiting for a builder"],
  running: ["in_progress", "in_progress", "Building"],
  passed: ["success", "success", "Built: 2 packages"],
  failed: ["failure", "neutral", "The build failed"],
  "timed-out": ["timed_out", "neutral", "The build took too long and was stopped"],
  errored: [
    "failure",
    "neutral",
    "The build could not be carried out: infrastructure trouble, not your change",
  ],
  cancelled: ["cancelled", "cancelled", "Cancelled"],
  skipped: ["cancelled", "cancelled", "Not begun, since source/greet did not pass"],
};
const TIER = " (advisory: does not block)";

test("what GitHub would not take is cut before it is shown, so that it is not written again and again", () => {
  const long = notice(SHA_OF_NOTHING, "failure", { title: "t".repeat(1000), summary: "x\n".repeat(50_000) });
  expect(long.title).toHaveLength(250);
  expect(long.summary.length).toBeGreaterThan(64_900);
  expect(long.summary.length).toBeLessThanOrEqual(65_000);
  const because = `error\n${"x".repeat(100_000)}`;
  const run = having(pullRun, { ...passedSource, [BUILD]: { state: "failed", because } });
  for (const { summary } of checksOf(run, telling)) expect(summary.length).toBeLessThanOrEqual(65_000);
});

describe("a job's check", () => {
  test.each(States.options)("of a build that is %s", (state) => {
    const [required, advisory, title] = TABLE[state];
    const because = state === "skipped" ? { because: SOURCE } : {};
    const now = { state, ...(state === "passed" && { files }), ...because };
    const checks = checksOf(having(pullRun, { ...passedSource, [BUILD]: now, [ADVISORY]: now }), telling);
    const shown = checks.slice(0, 2).map((check) => [check.conclusion ?? check.status, check.title]);
    expect(shown).toEqual([
      [required, title],
      [advisory, title + TIER],
    ]);
    for (const check of checks) expect(check.status === "completed").toBe(check.conclusion !== undefined);
  });

  test.each(States.options.filter((state) => state !== "passed"))(
    "of required work that is %s never counts as passed, whatever stage it is",
    (state) => {
      const all = { state } as const;
      const run = having(pushRun, {
        [SOURCE]: all,
        [BUILD]: all,
        [ADVISORY]: all,
        "publish/devel": all,
        "backfill/devel": all,
      });
      const blocking = checksOf(run, telling).filter(({ name }) => !name.endsWith("aarch64"));
      expect(blocking).toHaveLength(4);
      for (const { conclusion } of blocking)
        expect(["success", "neutral", "skipped"]).not.toContain(conclusion);
    },
  );

  test("speaks of the sources until they are there, and again when they are why nothing was built", () => {
    const titles = (changes: Parameters<typeof having>[1]) =>
      checksOf(having(pullRun, changes), telling).map(({ title }) => title);
    expect(titles({})[0]).toBe("Fetching sources: waiting for a builder");
    expect(titles({ [SOURCE]: { state: "running", phase: "PRE_BUILD" } })[0]).toBe(
      "Fetching sources (PRE_BUILD)",
    );
    expect(titles({ [SOURCE]: { state: "failed" }, [BUILD]: { state: "skipped", because: SOURCE } })[0]).toBe(
      "Fetching the sources failed",
    );
  });

  test("is found again by the run and the job, and leads to the log of its attempt", () => {
    const [check] = checksOf(
      having(pullRun, { ...passedSource, [BUILD]: { state: "running", build: "b:1", attempt: 2 } }),
      telling,
    );
    expect(check).toMatchObject({
      name: "rpm:greet:debian-12-x86_64",
      externalId: `${pullRun.id}#rpm:greet:debian-12-x86_64`,
      detailsUrl: `https://logs.example/${pullRun.id}#${BUILD}#2`,
    });
  });

  test("has no log before there is a build", () => {
    for (const check of checksOf(pullRun, telling)) expect(check).not.toHaveProperty("detailsUrl");
  });
});

describe("trouble of the infrastructure", () => {
  const summaryOf = (changes: Parameters<typeof having>[1]) =>
    checksOf(having(pullRun, { ...passedSource, ...changes }), telling).at(-1);
  const lost = { state: "errored", because: "the host went away", attempt: 3 } as const;

  test("is not the change's fault, also where one check speaks for all, and never green", () => {
    const check = summaryOf({ [BUILD]: lost });
    expect(check).toMatchObject({ conclusion: "failure" });
    expect(check?.title).toMatch(/^Infrastructure trouble, not your change: 0 of 2 passed, 1 did not/);
    expect(check?.summary).toContain("infrastructure's fault, not this change's");
  });

  test("takes no blame for what failed beside it", () => {
    const check = summaryOf({ [SOURCE]: lost, [BUILD]: { state: "failed" } });
    expect(check?.title).toMatch(/^Something required failed/);
    expect(check?.summary).not.toContain("infrastructure's fault");
  });

  test("is told while it is tried again, and forgotten when that passed", () => {
    const told = (state: "ready" | "running" | "passed") => {
      const now = { ...lost, state, attempt: 2, ...(state === "passed" && { files }) };
      return checksOf(having(pullRun, { ...passedSource, [BUILD]: now }), telling)[0]?.summary;
    };
    for (const state of ["ready", "running"] as const)
      expect(told(state)).toContain("Attempt 1 failed for trouble of the infrastructure, not of your change");
    expect(told("passed")).not.toContain("the host went away");
  });
});

test("a conflict with the base says that it is one, and whose turn it is", () => {
  const [check] = checksOf(
    having(pullRun, {
      [SOURCE]: {
        state: "failed",
        because: "The branch conflicts with its base in greet.spec.",
        trouble: { kind: "conflict", guessed: false },
      },
      [BUILD]: { state: "skipped", because: SOURCE },
    }),
    telling,
  );
  expect(check?.title).toBe("It conflicts with its base branch: merge or rebase, and push again");
  expect(check?.summary).toContain("Why: `The branch conflicts with its base in greet.spec.`");
});

test("each publish stage has a check of its own", () => {
  expect(
    checksOf(pushRun, telling)
      .map(({ name, externalId }) => [name, externalId.split("#")[1]])
      .slice(2, 4),
  ).toEqual([
    ["publish:devel", "publish/devel"],
    ["backfill:devel", "backfill/devel"],
  ]);
});

test("what a build says cannot break out of its check's summary", () => {
  const because = "a\n```\n# Approved\n| x |\n[click](https://evil.example)";
  const [check] = checksOf(
    having(pullRun, { ...passedSource, [BUILD]: { state: "failed", because } }),
    telling,
  );
  expect(check?.summary).toContain(`\`\`\`\`text\n${because}\n\`\`\`\``);
});

test("a notice speaks for a commit", () => {
  expect(notice("abc", "action_required", { title: "t", summary: "s" })).toEqual({
    name: "millwright",
    externalId: "notice#abc",
    status: "completed",
    conclusion: "action_required",
    title: "t",
    summary: "s",
  });
});
