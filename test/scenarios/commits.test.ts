import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checksAt, shownAt } from "./checks.ts";
import { leaks } from "./leaks.ts";
import { closed, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { foundVillage, SPEC, type Village } from "./village.ts";

// What people do with commits. Only the builds are rehearsed: those of `slow` take a minute and those of `broken` fail,
// each the first time it is tried.
const SLOW = { "slow.spec": SPEC };
const job = (name: string) => `rpm:${name}:debian-12-x86_64`;

let theatre: Theatre;
let founded = 0;

beforeAll(async () => {
  theatre = await openTheatre({ sweepSeconds: 3 });
});

afterAll(async () => {
  const [found, dead] = [await leaks(theatre), await theatre.state.deadLetters()];
  await theatre.close();
  expect(found).toEqual([]);
  expect(dead).toBe(0);
});

const village = (files?: Readonly<Record<string, string>>): Promise<Village> => {
  founded += 1;
  return foundVillage(theatre.github, { owner: `village-${founded}`, ...(files && { files }) });
};

const statuses = (run: string, stage: string) =>
  [...theatre.builds.of(`${run}#${stage}/`)].map(([attempt, made]) => [
    attempt.split("#")[2],
    ...made.values(),
  ]);

/** A build of this run's is under way. */
const building = (run: string) =>
  until(`a build of ${run}`, async () => (await theatre.state.run(run))?.stages.some(isBuilding));
const isBuilding = ({ kind, state }: { kind: string; state: string }) =>
  kind === "build" && state === "running";

const verdictsOf = async (repository: number, event: string, action: string) => {
  const known = theatre.github.admin.deliveries().filter((one) => one.repository === repository);
  const found = known.find((one) => one.event === event && one.action === action);
  return until(`a verdict on ${event} ${action}`, () => theatre.state.verdict(found?.guid ?? ""));
};

describe("a pull request", () => {
  test("whose branch is pushed to gives up the old commit's run and stops its build; pushed back, it is built after all", async () => {
    const home = await village();
    const old = await home.commit("topic", SLOW);
    const number = await home.open("topic");
    const first = `${home.id}/pull/${number}/${old}`;
    await building(first);
    const sha = await home.commit("topic", { "slow.spec": null, "greet.spec": SPEC });
    const second = `${home.id}/pull/${number}/${sha}`;
    const superseded = await closed(theatre, first);
    expect(superseded).toMatchObject({
      superseded: sha,
      stages: [{ state: "passed" }, { state: "cancelled" }],
    });
    expect(statuses(first, "build")).toEqual([["1", "STOPPED"]]);
    expect(await checksAt(home, old)).toMatchObject([
      { name: "millwright", conclusion: "cancelled" },
      { name: job("slow"), conclusion: "cancelled" },
    ]);
    expect((await closed(theatre, second)).stages.map(({ state }) => state)).toEqual(["passed", "passed"]);

    await home.forcePush("topic", old);
    await shownAt(home, old, { name: job("slow"), conclusion: "success" });
    const revived = await closed(theatre, first);
    expect(revived.superseded).toBeUndefined();
    expect(statuses(first, "source")).toEqual([["1", "SUCCEEDED"]]);
    expect(statuses(first, "build")).toEqual([
      ["1", "STOPPED"],
      ["2", "SUCCEEDED"],
    ]);
    expect(statuses(second, "build")).toEqual([["1", "SUCCEEDED"]]);
  });

  test("that is closed needs its build no longer", async () => {
    const home = await village();
    const sha = await home.commit("topic", SLOW);
    const number = await home.open("topic");
    const run = `${home.id}/pull/${number}/${sha}`;
    await building(run);
    await home.close(number);
    expect((await closed(theatre, run)).stages.map(({ state }) => state)).toEqual(["passed", "cancelled"]);
    expect(statuses(run, "build")).toEqual([["1", "STOPPED"]]);
    const because = "the pull request is closed";
    expect(await verdictsOf(home.id, "pull_request", "closed")).toEqual({
      event: "pull-closed",
      because,
      run,
    });
  });

  test("whose check failed shows the line that says why, and is built again when somebody asks for it", async () => {
    const home = await village();
    const sha = await home.commit("topic", { "broken.spec": SPEC });
    const run = `${home.id}/pull/${await home.open("topic")}/${sha}`;
    const failed = await shownAt(home, sha, { name: job("broken"), conclusion: "failure" });
    expect(failed.summary).toContain("greet.c:7:3: error: expected a statement");
    await closed(theatre, run);
    await theatre.github.admin.rerunCheck(failed.id, home.owner);
    await shownAt(home, sha, { name: job("broken"), conclusion: "success" });
    await closed(theatre, run);
    expect(statuses(run, "source")).toEqual([["1", "SUCCEEDED"]]);
    expect(statuses(run, "build")).toEqual([
      ["1", "FAILED"],
      ["2", "SUCCEEDED"],
    ]);
    const because = "a check was asked to run again";
    expect(await verdictsOf(home.id, "check_run", "rerequested")).toEqual({
      event: "rerun-asked",
      because,
      run,
    });
  });

  test("is told where the config on the default branch has its mistake, and nothing is built", async () => {
    const home = await village({
      ".millwright.yml": "trusted: [12]\nchanels: {}\n",
      "README.md": "# Packages\n",
    });
    const sha = await home.commit("topic", { "greet.spec": SPEC });
    await home.open("topic");
    const notice = await shownAt(home, sha, { name: "millwright", conclusion: "failure" });
    expect(notice.title).toBe(".millwright.yml on the default branch has a mistake");
    expect(notice.summary).toMatch(/line 2, column 1.*chanels/);
    expect(theatre.builds.of(`${home.id}/`).size).toBe(0);
    expect((await verdictsOf(home.id, "pull_request", "opened")).because).toBe(notice.title);
  });

  test("from a stranger's fork waits for a committer, and nothing is built", async () => {
    const home = await village();
    const { admin, apiUrl } = theatre.github;
    const { token } = admin.createUser({ login: "stranger" });
    await admin.fork(home.owner, home.repo, "stranger");
    const files = { "greet.spec": SPEC };
    const sha = await admin.commit("stranger", home.repo, {
      by: "stranger",
      branch: "topic",
      message: "Mine",
      files,
    });
    await openFrom(home, { token, apiUrl, head: "stranger:topic" });
    const notice = await shownAt(home, sha, { name: "millwright", conclusion: "action_required" });
    expect(notice.title).toBe("Waiting for a committer");
    expect(theatre.builds.of(`${home.id}/`).size).toBe(0);
    expect(await theatre.state.keys("StateBucket", `runs/${home.id}/`)).toEqual([]);
    expect((await verdictsOf(home.id, "pull_request", "opened")).because).toBe("Waiting for a committer");
  });
});

async function openFrom(
  { owner, repo }: Village,
  by: { token: string; apiUrl: string; head: string },
): Promise<void> {
  const answer = await fetch(`${by.apiUrl}/repos/${owner}/${repo}/pulls`, {
    method: "POST",
    headers: { authorization: `token ${by.token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Mine", head: by.head, base: "main" }),
  });
  expect(answer.status).toBe(201);
}
