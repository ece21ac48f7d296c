import { describe, expect, test } from "vitest";
import { decideEvent } from "../../../src/flow/decide/event.ts";
import { reportRun } from "../../../src/flow/tell/report-run.ts";
import { NEXT, PULL, repo, SHA, type World, world } from "../world.ts";

const changed = { kind: "pull-changed", repo, number: 7 } as const;

async function says(town: World, comment: number, body: string): Promise<void> {
  const by = { id: 12, login: "octocat" };
  const at = `2027-01-01T00:00:0${comment}Z`;
  await town.deliver(`c${comment}`, { kind: "commented", repo, number: 7, comment, at, by, body });
}

/** All reports that were asked for are written; the comment as it stands then. */
async function comment(town: World): Promise<string> {
  for (const message of town.ports.reports.sent.splice(0)) await reportRun(town.ports)(message);
  expect(town.github.comments).toHaveLength(1);
  return town.github.comments[0]?.body ?? "";
}

describe("the comment on a pull request", () => {
  test("tells under the jobs who asked what, and what was answered, the newest last", async () => {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide(changed);
    await says(town, 1, "/help");
    await says(town, 2, "/nonsuch\n/why");
    const text = await comment(town);
    const places = [
      "| job | state |",
      "`octocat` asked `/help`:",
      "| command |",
      "`octocat` asked `/why`:",
      "in a new comment lists",
    ];
    const found = places.map((part) => text.indexOf(part));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  /** The process that decides dies when it would write down which commit is the newest. */
  async function decidedHalf(town: World): Promise<void> {
    const die = async () => {
      throw new Error("killed");
    };
    const newest = { ...town.ports.newest, create: die, replace: die };
    const message = { v: 1, event: changed } as const;
    await expect(decideEvent({ ...town.ports, newest })(message)).rejects.toThrow("killed");
  }

  test("is there though who decided was cut off, and the pull request was closed before it came again", async () => {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({}));
    await decidedHalf(town);
    await town.passAll(PULL);
    expect(await comment(town)).toContain("All that is required passed");
    town.github.pulls.set(7, town.github.pullOf({ isOpen: false }));
    await town.decide(changed);
    expect(await comment(town)).toContain("All that is required passed");
  });

  test("speaks of the newest commit though all of it was told before who decided came again", async () => {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({}));
    await town.decide(changed);
    await town.passAll(PULL);
    expect(await comment(town)).toContain(SHA.slice(0, 10));
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT }));
    await decidedHalf(town);
    await town.passAll(`1/pull/7/${NEXT}`);
    expect(await comment(town)).toContain(SHA.slice(0, 10));
    await town.decide(changed);
    expect(await comment(town)).toContain(NEXT.slice(0, 10));
  });

  test("tells how to ACK what waits, and what to look at before", async () => {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({ author: { id: 99, login: "stranger" } }));
    await town.decide(changed);
    const text = await comment(town);
    expect(text).toContain(`\`/ack ${SHA.slice(0, 10)}\``);
    expect(text).toMatch(/riskier/i);
  });

  test("answers also where nothing could be decided", async () => {
    const town = world();
    town.github.pulls.set(7, town.github.pullOf({}));
    town.github.files.set(".millwright.yml", "targets: 7\n");
    await town.decide(changed);
    await says(town, 1, "/build");
    expect(await comment(town)).toContain("has a mistake, and nothing is built");
  });
});
