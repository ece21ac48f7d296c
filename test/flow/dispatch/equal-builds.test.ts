import { describe, expect, test } from "vitest";
import { resultsPrefix } from "../../../src/pipelines/stage.ts";
import { opened, PULL, PUSH, repo, SHA, sourced, type World, X86 } from "../world.ts";

const BUILDS = "build-untrusted-x86_64";
const TRUSTED = "build-trusted-x86_64";
const AGAIN = `1/pull/8/${SHA}`;

/** The build of a run, which is running, ends and leaves these files. */
async function ends(town: World, run: string, files: Readonly<Record<string, string>>): Promise<void> {
  const build = (await town.stage(run, X86)).build ?? "";
  await town.leave(run, X86, files);
  town.builder.end(build, "SUCCEEDED");
  await town.track(build);
}

/** A pull request whose build passed, and left these files. */
async function built(files: Readonly<Record<string, string>>): Promise<World> {
  const town = await sourced(await opened(), PULL);
  await town.dispatch(BUILDS);
  await ends(town, PULL, files);
  return town;
}

/** Another pull request has the same commit. */
async function openedAgain(town: World): Promise<void> {
  town.github.pulls.set(8, town.github.pullOf({ number: 8 }));
  await town.decide({ kind: "pull-changed", repo, number: 8 });
  await sourced(town, AGAIN);
  await town.dispatch(BUILDS);
}

/** Its commit is merged, and the trusted build starts. */
async function merged(town: World): Promise<void> {
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  await sourced(town, PUSH);
  await town.dispatch(TRUSTED);
}

describe("a build of equal inputs", () => {
  test("that passed before is not built again", async () => {
    const town = await built({ "greet.rpm": "x" });
    const before = town.builder.orders.length;
    await openedAgain(town);
    expect(await town.stage(AGAIN, X86)).toMatchObject({
      state: "passed",
      facts: { "taken from": `${PULL}#${X86}#1` },
      files: [{ name: "greet.rpm" }],
    });
    expect(town.builder.orders).toHaveLength(before + 1);
  });

  test("that is running is waited for, and taken from", async () => {
    const town = await sourced(await opened(), PULL);
    await openedAgain(town);
    await town.dispatch(BUILDS);
    const states = [(await town.stage(PULL, X86)).state, (await town.stage(AGAIN, X86)).state];
    const before = town.builder.orders.length;
    expect(states.toSorted()).toEqual(["ready", "running"]);
    const [first, second] = states[0] === "running" ? [PULL, AGAIN] : [AGAIN, PULL];
    await ends(town, first, { "greet.rpm": "x" });
    await town.dispatch(BUILDS);
    expect(await town.stage(second, X86)).toMatchObject({
      state: "passed",
      facts: { "taken from": `${first}#${X86}#1` },
    });
    expect(town.builder.orders).toHaveLength(before);
  });

  test("that was made in the untrusted zone is not taken over into the trusted", async () => {
    const town = await built({ "greet.rpm": "evil" });
    await merged(town);
    expect(await town.stage(PUSH, X86)).toMatchObject({ state: "running" });
  });

  test.each([
    ["as tested", "1"],
    ["not as tested", "2"],
  ])("that is trusted is held against the untrusted one: %s", async (fact, digit) => {
    const town = await built({ "contents.tsv": "x" });
    await merged(town);
    const trusted = (await town.stage(PUSH, X86)).build ?? "";
    await town.leave(PUSH, X86, { "contents.tsv": "x" });
    const left = resultsPrefix({ run: PUSH, stage: X86, attempt: 1 });
    await town.ports.blobs.put(`${left}SHA256SUMS`, `${digit.repeat(64)}  contents.tsv\n`);
    town.builder.end(trusted, "SUCCEEDED");
    await town.track(trusted);
    expect((await town.stage(PUSH, X86)).facts).toEqual({ [fact]: `${PULL}#${X86}#1` });
  });
});
