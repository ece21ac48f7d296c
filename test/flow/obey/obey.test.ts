import { describe, expect, test } from "vitest";
import { reviewKey } from "../../../src/bot/review/review.ts";
import { reportRun } from "../../../src/flow/tell/report-run.ts";
import { AT, ARM, NEXT, opened, PULL, repo, SHA, SOURCE, type World, world, X86 } from "../world.ts";

const [WRITER, COMMITTER, STRANGER] = [12, 40, 99] as const;
const LATER = "2027-01-01T00:00:00Z";
const changed = { kind: "pull-changed", repo, number: 7 } as const;

let comments = 0;

/** Somebody comments on the pull request; the answers to this comment. */
async function says(
  town: World,
  by: number,
  said: string | { readonly body: string; readonly at: string },
): Promise<readonly string[]> {
  const { body, at } = typeof said === "string" ? { body: said, at: LATER } : said;
  const comment = (comments += 1);
  const person = { id: by, login: `user-${by}` };
  await town.deliver(`c${comment}`, { kind: "commented", repo, number: 7, comment, at, by: person, body });
  return answersTo(town, comment);
}

async function answersTo(town: World, comment: number): Promise<readonly string[]> {
  const review = (await town.ports.reviews.read(reviewKey(1, 7)))?.value;
  return (review?.answers ?? []).filter((one) => one.comment === comment).map(({ said }) => said);
}

/** A stranger's pull request from a fork, which waits; 40 is a committer by the config. */
async function waiting(): Promise<World> {
  const town = world();
  town.github.files.set(".millwright.yml", `committers: [${COMMITTER}]\n`);
  town.github.pulls.set(7, town.github.pullOf({ author: { id: STRANGER, login: "stranger" } }));
  await town.decide(changed);
  return town;
}

const notice = (town: World) => town.github.checks.find(({ check }) => check.name === "millwright")?.check;

describe("a stranger's pull request", () => {
  test("waits for a committer, with a button, and its comment says so", async () => {
    const town = await waiting();
    expect(notice(town)).toMatchObject({
      conclusion: "action_required",
      buttons: [{ identifier: "ack", label: "ACK and build" }],
    });
    const [message] = town.ports.reports.sent;
    await reportRun(town.ports)(message ?? { v: 1, run: "" });
    expect(town.github.comments[0]?.body).toContain("Waiting for a committer");
    expect(town.ports.runs.all.size).toBe(0);
  });

  test.each([
    ["by writing permission", WRITER],
    ["by the config", COMMITTER],
  ])("is built once a committer %s ACKs its head", async (_, person) => {
    const town = await waiting();
    expect(await says(town, person, "/ack")).toEqual([expect.stringContaining("building it")]);
    expect(await town.run(PULL)).toMatchObject({ leave: { rule: "acked", by: `user-${person}` } });
    expect(notice(town)).toMatchObject({ status: "queued" });
  });

  test("is built when a committer presses the button, and not when anybody else does", async () => {
    const town = await waiting();
    const pressed = {
      kind: "button-pressed",
      repo,
      sha: SHA,
      externalId: "notice#pull#7",
      button: "ack",
    } as const;
    await town.deliver("b1", { ...pressed, by: { id: 77, login: "nobody" } });
    expect(town.ports.runs.all.size).toBe(0);
    await town.deliver("b2", { ...pressed, by: { id: COMMITTER, login: "maria" } });
    expect(await town.run(PULL)).toMatchObject({ leave: { rule: "acked", by: "maria" } });
  });

  test("is not built by an ACK of the author, or of anybody without the right", async () => {
    const town = await waiting();
    for (const person of [STRANGER, 77])
      expect(await says(town, person, "/ack")).toEqual(["Not done: only committers may do this."]);
    expect(town.ports.runs.all.size).toBe(0);
  });

  test("needs a new ACK for a new push, and the old commit's builds are given up", async () => {
    const town = await waiting();
    await says(town, COMMITTER, "/ack");
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT, author: { id: STRANGER, login: "stranger" } }));
    await town.decide(changed);
    expect(town.ports.runs.all.size).toBe(1);
    expect(await town.run(PULL)).toMatchObject({ superseded: NEXT });
    expect(town.github.checks.find(({ sha }) => sha === NEXT)?.check.summary).toContain(
      "names another commit",
    );
  });

  test("is not built by an ACK that was written before the head was known", async () => {
    const town = await waiting();
    expect(await says(town, COMMITTER, { body: "/ack", at: "2026-11-21T09:00:00Z" })).toEqual([
      expect.stringContaining("a push came at about the same time"),
    ]);
    expect(await says(town, COMMITTER, `/ack ${NEXT.slice(0, 9)}`)).toEqual([
      expect.stringContaining("is not the newest commit"),
    ]);
    expect(town.ports.runs.all.size).toBe(0);
    expect(await says(town, COMMITTER, `/ack ${SHA.slice(0, 9)}`)).toEqual([
      expect.stringContaining("building it"),
    ]);
  });

  test("that changes after an ACK shows what got riskier since", async () => {
    const town = await waiting();
    town.github.files.set("greet.spec", "Name: greet\n%build\nmake\n");
    await says(town, COMMITTER, "/ack");
    town.github.filesAt.set(`${NEXT} greet.spec`, "Name: greet\n%build\nmake\n%post\nrm -rf /\n");
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT, author: { id: STRANGER, login: "stranger" } }));
    await town.decide(changed);
    const summary = town.github.checks.find(({ sha }) => sha === NEXT)?.check.summary;
    expect(summary).toContain("Riskier than `aaaaaaaaaa`");
    expect(summary).toContain("`greet.spec:5` changes what runs as root when the package is installed");
  });

  test("loses the ACK of somebody who loses the right", async () => {
    const town = await waiting();
    await says(town, WRITER, "/ack");
    town.github.writers.delete(WRITER);
    await town.decide(changed);
    expect(await town.run(PULL)).toMatchObject({ superseded: SHA });
    expect(notice(town)).toMatchObject({ conclusion: "action_required" });
  });

  test("may be asked about by anybody, and built by its author only after an ACK", async () => {
    const town = await waiting();
    expect(await says(town, STRANGER, "/build\n/why")).toEqual([
      expect.stringContaining("Not done: only committers may do this, and the author"),
      expect.stringContaining("Nothing is built of `aaaaaaaaaa`, since the author may not write here"),
    ]);
    await says(town, COMMITTER, "/ack");
    expect(await says(town, STRANGER, "/build")).toEqual([expect.stringContaining("Under way or passed")]);
  });
});

describe("a command on a pull request that is built", () => {
  const failed = { kind: "ended", as: "failed", because: "no", attempt: 1, at: AT } as const;

  test("gets a reaction at once, and its answer once, however often the delivery comes", async () => {
    const town = await opened();
    const event = { kind: "commented", repo, number: 7, at: LATER, body: "/cancel" } as const;
    const of = { ...event, comment: 5000, by: { id: WRITER, login: "octocat" } };
    await town.deliver("g1", of);
    expect(town.github.writes.filter((one) => one.startsWith("react"))).toEqual(["react eyes 5000"]);
    const answered = await answersTo(town, 5000);
    await town.deliver("g2", of);
    expect(await answersTo(town, 5000)).toEqual(answered);
    expect(answered).toEqual([expect.stringContaining("Stopped:")]);
  });

  test("/build with an arch that the rules do not ask for adds it as advisory", async () => {
    const town = world();
    town.github.files.set(".millwright.yml", "targets: { debian-12: [x86_64] }\n");
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide(changed);
    expect((await town.run(PULL)).jobs.map(({ arch }) => arch)).toEqual(["x86_64"]);
    expect(await says(town, WRITER, "/build arm64")).toEqual(["Building `rpm:greet:debian-12-aarch64`."]);
    const run = await town.run(PULL);
    expect(run.jobs.map(({ arch, tier }) => [arch, tier])).toEqual([
      ["x86_64", "required"],
      ["aarch64", "advisory"],
    ]);
    expect(run.stages.find(({ name }) => name === ARM)).toMatchObject({ state: "waiting" });
  });

  test("/build of what is not there names what there is", async () => {
    const town = await opened();
    expect(await says(town, WRITER, "/build gret\n/build s390x")).toEqual([
      "Nothing here is called `gret`. There is `greet`.",
      "Not built on `s390x` here. There are `x86_64`, `aarch64`.",
    ]);
  });

  test("/retry tries again what failed, and says when there is nothing", async () => {
    const town = await opened();
    expect(await says(town, WRITER, "/retry")).toEqual([expect.stringContaining("Nothing to try again")]);
    await town.move(PULL, { ...failed, stage: SOURCE });
    expect(await says(town, WRITER, "/retry")).toEqual([expect.stringContaining("Trying again:")]);
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "ready", attempt: 2 });
  });

  test("/cancel of one arch stops that one, and a later news of the pull request does not bring it back", async () => {
    const town = await opened();
    expect(await says(town, WRITER, "/cancel aarch64")).toEqual(["Stopped: `rpm:greet:debian-12-aarch64`."]);
    await town.decide(changed);
    expect(await town.stage(PULL, ARM)).toMatchObject({
      state: "cancelled",
      because: "Cancelled by user-12.",
    });
    expect(await town.stage(PULL, X86)).toMatchObject({ state: "waiting" });
    expect(await town.stage(PULL, SOURCE)).toMatchObject({ state: "ready" });
  });

  test("/why answers from the record", async () => {
    const town = await opened();
    const [said] = await says(town, STRANGER, "/why x86_64");
    expect(said).toContain("A pull request was opened or changed");
    expect(said).toContain("since the author may write to this repository");
    expect(said).toContain("`source/greet` waits for a builder of the pool `source-untrusted`");
  });

  test("that is unknown gets the nearest one, once", async () => {
    const town = await opened();
    expect(await says(town, STRANGER, "/biuld")).toEqual([expect.stringContaining("Was `/build` meant?")]);
    expect(await says(town, STRANGER, "/biuld")).toEqual([]);
  });

  test("in a comment on a closed pull request is told so", async () => {
    const town = await opened();
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    expect(await says(town, WRITER, "/build")).toEqual([expect.stringContaining("is closed")]);
  });

  test("in a comment that has none does nothing, not even a question to GitHub", async () => {
    const town = await opened();
    town.github.broken.add("react");
    expect(await says(town, WRITER, "> /build\n\nlooks good")).toEqual([]);
  });
});
