import { describe, expect, test } from "vitest";
import type { BuildStatus } from "../../../src/ports.ts";
import { SCRIPT } from "../../../src/pipelines/inputs.ts";
import { opened, PULL, SOURCE, sourced, type World, X86 } from "../world.ts";

/** The x86_64 build of the pull request is under way. */
async function building(): Promise<{ town: World; build: string }> {
  const town = await sourced(await opened(), PULL);
  await town.dispatch("build-untrusted-x86_64");
  return { town, build: (await town.stage(PULL, X86)).build ?? "" };
}

describe("a build that", () => {
  test("is in a later phase is said to be", async () => {
    const { town, build } = await building();
    town.builder.end(build, "IN_PROGRESS", { phase: "BUILD" });
    await town.track(build);
    expect(await town.stage(PULL, X86)).toMatchObject({ state: "running", phase: "BUILD" });
  });

  test("succeeded has passed with what it left, by its sums and the store's sizes", async () => {
    const { town, build } = await building();
    await town.leave(PULL, X86, { "greet.rpm": "rpm!" });
    town.builder.end(build, "SUCCEEDED");
    await town.track(build);
    expect(await town.stage(PULL, X86)).toMatchObject({
      state: "passed",
      prefix: `results/${PULL}/${X86}/1/`,
      files: [{ name: "greet.rpm", size: 4, sha256: "1".repeat(64) }],
      endedAt: "2026-11-21T11:00:00.000Z",
    });
  });

  const ENDS: readonly (readonly [BuildStatus, string, string, string])[] = [
    ["FAILED", "a.c:1:1: error: no\n", "failed", "a.c:1:1: error: no"],
    ["FAILED", "millwright: refused: the host is not on the list\n", "failed", "the host is not on the list"],
    ["FAILED", "millwright: conflict: greet.spec\n", "failed", "greet.spec"],
    ["FAILED", "nothing known\n", "failed", "nothing known"],
    ["TIMED_OUT", "", "timed-out", "The time allowed for this stage was used up."],
    ["STOPPED", "", "errored", "The build was stopped from outside."],
  ];
  test.each(ENDS)("is %s with the log %j is %s", async (...[status, log, state, because]) => {
    const { town, build } = await building();
    town.builder.logs.set(build, log);
    town.builder.end(build, status);
    await town.track(build);
    expect(await town.stage(PULL, X86)).toMatchObject({ state, because, attempt: 1 });
  });

  test("merged nothing, for a conflict, is told apart from sources that cannot be had", async () => {
    const town = await opened();
    await town.dispatch("source-untrusted");
    const { build = "" } = await town.stage(PULL, SOURCE);
    const sentence = "The branch conflicts with its base in greet.spec; merge or rebase and push again.";
    town.builder.logs.set(build, `merging\nmillwright: conflict: ${sentence}\n`);
    town.builder.end(build, "FAILED");
    await town.track(build);
    const trouble = { kind: "conflict", guessed: false };
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "failed", because: sentence, trouble });
  });

  test.each([
    ["FAULT", ""],
    ["FAILED", "millwright: infrastructure: the bundle cannot be fetched\n"],
    ["SUCCEEDED", ""],
  ] as const)(
    "is %s by the infrastructure's fault (log %j) is tried again, three times in all",
    async (status, log) => {
      const { town } = await building();
      for (const attempt of [1, 2, 3]) {
        await town.dispatch("build-untrusted-x86_64");
        const stage = await town.stage(PULL, X86);
        expect(stage).toMatchObject({ state: "running", attempt });
        town.builder.logs.set(stage.build ?? "", log);
        town.builder.end(stage.build ?? "", status, {
          failure: { phase: "BUILD", message: "the host went away" },
        });
        await town.track(stage.build ?? "");
      }
      expect(await town.stage(PULL, X86)).toMatchObject({ state: "errored", attempt: 3 });
    },
  );

  test.each([
    ["sums of other files", { "greet.rpm": "x" }, `${"1".repeat(64)}  other.rpm\n`, "which is not there"],
    ["sums with a path", { "greet.rpm": "x" }, `${"1".repeat(64)}  ../../runs/x\n`, "a line that is none"],
    ["sums that are no sums", {}, "rm -rf /", "a line that is none"],
    ["sums of megabytes", {}, "x".repeat(1024 ** 2 + 1), "SHA256SUMS that is too large"],
    ["facts that are no JSON", { "facts.json": "{" }, undefined, "facts.json that is not JSON"],
    [
      "facts of megabytes",
      { "facts.json": "x".repeat(1024 ** 2 + 1) },
      undefined,
      "facts.json that is too large",
    ],
  ])("left %s has failed, once and for all", async (...[, files, sums, because]) => {
    const { town, build } = await building();
    await town.leave(PULL, X86, files);
    if (sums !== undefined) await town.ports.blobs.put(`results/${PULL}/${X86}/1/SHA256SUMS`, sums);
    town.builder.end(build, "SUCCEEDED");
    await town.track(build);
    expect(await town.stage(PULL, X86)).toMatchObject({
      state: "failed",
      because: expect.stringContaining(because) as string,
    });
  });
});

test("what a failed build says of the spec stands at the line of the spec that the source stage left", async () => {
  const { town, build } = await building();
  const message = "File not found: /build/BUILDROOT/greet-1/usr/bin/greet";
  town.builder.logs.set(build, `Processing files: greet-1\nerror: ${message}\n`);
  town.builder.end(build, "FAILED");
  await town.track(build);
  const { remarks } = (await town.stage(PULL, X86)) ?? {};
  expect(remarks).toEqual([{ path: "greet.spec", line: 3, message, level: "failure" }]);
});

test("the log is kept where people can read it, while it grows and when it is over", async () => {
  const { town, build } = await building();
  const key = `${PULL}/${X86}/1.txt`;
  const kept = () => new TextDecoder().decode(town.ports.logs.all.get(key));
  town.builder.logs.set(build, "one\n");
  await town.track(build);
  expect(kept()).toBe("one\n");
  town.builder.logs.set(build, "one\ntwo\n");
  town.builder.end(build, "FAILED");
  await town.track(build);
  expect(kept()).toBe("one\ntwo\n");
});

test("a passed build is kept under its inputs, a failed one is not", async () => {
  const { town, build } = await building();
  town.builder.end(build, "FAILED");
  await town.track(build);
  expect(town.ports.built.all.size).toBe(0);

  const other = await building();
  await other.town.leave(PULL, X86, { "greet.rpm": "x" });
  other.town.builder.end(other.build, "SUCCEEDED");
  await other.town.track(other.build);
  const [[key = "", body = ""] = []] = other.town.ports.built.all;
  expect(key).toMatch(
    new RegExp(`^built/untrusted/1/greet\\.spec/debian-12/x86_64/${SCRIPT}/debian/${"1".repeat(64)}$`),
  );
  expect(JSON.parse(body)).toMatchObject({ from: `${PULL}#${X86}#1` });
});

test("a build that ended makes room, and its pool is woken, whatever its end was", async () => {
  const { town, build } = await building();
  const before = town.ports.stages.sent.length;
  town.builder.end(build, "FAILED");
  await town.track(build);
  expect(town.ports.stages.sent.slice(before)).toContainEqual({ v: 1, pool: "build-untrusted-x86_64" });
});

describe("news is not heard", () => {
  test("of builds that are not ours", async () => {
    const { town } = await building();
    const before = await town.run(PULL);
    for (const attempt of ["", "x", `${PULL}#nothing#1`, `1/pull/8/x#${X86}#1`, `${PULL}#${X86}#x`]) {
      const build = town.builder.begin({ pool: "build-untrusted-x86_64", attempt });
      town.builder.end(build, "FAILED");
      await town.track(build);
    }
    await town.track("nobody:1");
    expect(await town.run(PULL)).toEqual(before);
    expect(town.logged.filter((message) => message === "unheard")).toHaveLength(5);
  });

  test("of another build that carries the name of this attempt", async () => {
    const { town } = await building();
    const before = await town.run(PULL);
    const forged = town.builder.begin({ pool: "build-untrusted-x86_64", attempt: `${PULL}#${X86}#1` });
    await town.leave(PULL, X86, { "evil.rpm": "x" });
    town.builder.end(forged, "SUCCEEDED");
    await town.track(forged);
    expect(await town.run(PULL)).toEqual(before);
  });

  test("of a build in another pool than the stage's own", async () => {
    const { town } = await building();
    const arm = "build/greet/debian-12/aarch64";
    const before = await town.run(PULL);
    const forged = town.builder.begin({ pool: "source-untrusted", attempt: `${PULL}#${arm}#1` });
    town.builder.end(forged, "FAILED");
    await town.track(forged);
    expect(await town.run(PULL)).toEqual(before);
  });

  test("of an old attempt", async () => {
    const { town, build } = await building();
    town.builder.end(build, "FAULT");
    await town.track(build);
    await town.dispatch("build-untrusted-x86_64");
    const before = await town.run(PULL);
    await town.leave(PULL, X86, { "greet.rpm": "x" });
    town.builder.end(build, "SUCCEEDED");
    await town.track(build);
    expect(await town.run(PULL)).toEqual(before);
  });

  test("twice", async () => {
    const { town, build } = await building();
    town.builder.end(build, "FAILED");
    await town.track(build);
    const before = await town.run(PULL);
    await town.track(build);
    expect(await town.run(PULL)).toEqual(before);
  });
});

test("news that overtakes the answer to the start names the build all the same", async () => {
  const town = await opened();
  town.builder.answers.push("lost");
  await expect(town.dispatch("source-untrusted")).rejects.toThrow("lost");
  town.builder.end("source-untrusted:1", "FAILED");
  await town.track("source-untrusted:1");
  expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "failed", build: "source-untrusted:1" });
});
