import { describe, expect, test } from "vitest";
import { daysLater } from "../../../src/bot/calendar.ts";
import { newReview, speak } from "../../../src/bot/review/review.ts";
import { isConfig, rulesOf } from "../../../src/flow/rules-of.ts";
import { showReview } from "../../../src/flow/decide/show-review.ts";
import { tendReviews } from "../../../src/flow/tend/reviews.ts";
import { AT, NEXT, opened, PULL, repo, SHA, type World, world } from "../world.ts";

const [WRITER, COMMITTER, AUTHOR] = [12, 40, 99] as const;
const changed = { kind: "pull-changed", repo, number: 7 } as const;
const LATER = "2026-11-22T10:00:00Z";

/** Somebody's pull request under these review rules; 40 is a committer by the config, 12 may write. */
async function reviewed(rules: string, author: number = AUTHOR): Promise<World> {
  const town = world();
  town.github.files.set(".millwright.yml", `committers: [${COMMITTER}]\nreview: { ${rules} }\n`);
  town.github.pulls.set(7, town.github.pullOf({ author: { id: author, login: "author" } }));
  await town.decide(changed);
  return town;
}

let comments = 0;
type Said = readonly [by: number, body: string, at?: string];
async function says(town: World, ...[by, body, at = LATER]: Said): Promise<void> {
  const comment = (comments += 1);
  const person = { id: by, login: `user-${by}` };
  await town.deliver(`r${comment}`, { kind: "commented", repo, number: 7, comment, at, by: person, body });
}

const shownAt = (town: World, sha = SHA) =>
  town.github.checks.findLast((one) => one.sha === sha && one.check.name === "millwright:review")?.check;
const writes = (town: World) => town.github.writes.filter((one) => one.endsWith("millwright:review"));

/** The calendar looks once it is this late, and what it asks for is done. */
async function calendar(town: World, now: string): Promise<void> {
  town.ports.clock = () => now;
  town.ports.events.sent.length = 0;
  await tendReviews(town.ports);
  for (const message of town.ports.events.sent) if ("event" in message) await town.decide(message.event);
}

const markers = (town: World) =>
  [...town.ports.blobs.all.keys()].filter((key) => key.startsWith("reviews-open/"));

describe("the review of a pull request", () => {
  test("has no check where the rules ask for none", async () => {
    expect(shownAt(await opened())).toBeUndefined();
  });

  test("waits as a check that is not over, so that nothing can be merged, and offers an ACK", async () => {
    const town = await reviewed("acks: 2");
    expect(shownAt(town)).toMatchObject({ status: "queued", title: "Waiting: 0 of 2 ACKs" });
    expect(shownAt(town)?.conclusion).toBeUndefined();
    expect(shownAt(town)?.buttons).toEqual([expect.objectContaining({ identifier: "ack", label: "ACK" })]);
    expect(markers(town)).toEqual([]);
  });

  test("turns red by a NACK, and green once its giver and another ACK", async () => {
    const town = await reviewed("acks: 2");
    await says(town, WRITER, "/nack");
    expect(shownAt(town)).toMatchObject({ conclusion: "failure", title: "Blocked by NACK of user-12" });
    await says(town, COMMITTER, "/ack");
    expect(shownAt(town)).toMatchObject({ conclusion: "failure" });
    await says(town, WRITER, "/ack", "2026-11-22T11:00:00Z");
    expect(shownAt(town)).toMatchObject({ conclusion: "success", title: "Consented: 2 of 2 ACKs" });
  });

  test("goes back to waiting as a new check, since GitHub keeps the end of one that is over", async () => {
    const town = await reviewed("acks: 1");
    await says(town, WRITER, "/ack");
    town.github.writers.delete(WRITER);
    await town.decide(changed);
    expect(shownAt(town)).toMatchObject({ status: "queued", title: "Waiting: 0 of 1 ACK" });
    expect(writes(town)).toEqual([
      "show create millwright:review",
      "show update millwright:review",
      "show create millwright:review",
    ]);
  });

  test("is not consented to by its author, by a stranger, or for another commit", async () => {
    const town = await reviewed("acks: 1", WRITER);
    await says(town, WRITER, "/ack");
    await says(town, 77, "/ack");
    expect(shownAt(town)).toMatchObject({ status: "queued", title: "Waiting: 0 of 1 ACK" });
    await says(town, COMMITTER, "/ack");
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT, author: { id: WRITER, login: "author" } }));
    await town.decide(changed);
    expect(shownAt(town, NEXT)).toMatchObject({ status: "queued", title: "Waiting: 0 of 1 ACK" });
    expect(shownAt(town, NEXT)?.summary).toContain("it names another commit");
  });

  test("hears its button, and what is not new is not written again", async () => {
    const town = await reviewed("acks: 1");
    const pressed = {
      kind: "button-pressed",
      repo,
      sha: SHA,
      externalId: "review#7",
      button: "ack",
    } as const;
    await town.deliver("p1", { ...pressed, by: { id: 77, login: "nobody" } });
    expect(shownAt(town)).toMatchObject({ status: "queued" });
    await town.deliver("p2", { ...pressed, by: { id: COMMITTER, login: "maria" } });
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
    const before = writes(town).length;
    await town.decide(changed);
    await town.deliver("p3", { kind: "rerun-asked", repo, externalId: "review#7", sha: SHA });
    expect(writes(town)).toHaveLength(before);
  });

  test("is shown anew when its check is run again", async () => {
    const town = await reviewed("acks: 1");
    town.github.checks.splice(0);
    await town.deliver("p4", { kind: "rerun-asked", repo, externalId: "review#7", sha: SHA });
    expect(shownAt(town)).toMatchObject({ title: "Waiting: 0 of 1 ACK" });
    town.github.checks.splice(1);
    await town.deliver("p5", { kind: "suite-rerun-asked", repo, sha: SHA });
    expect(shownAt(town)).toMatchObject({ title: "Waiting: 0 of 1 ACK" });
  });

  test("is as both have said, when two speak at once and the first one shows last", async () => {
    const town = await reviewed("acks: 2");
    const show = town.github.show.bind(town.github);
    town.github.show = async (at, sha, checks) => {
      town.github.show = show;
      await says(town, COMMITTER, "/ack");
      expect(shownAt(town)).toMatchObject({ title: "Consented: 2 of 2 ACKs" });
      return show(at, sha, checks);
    };
    const review = (await town.ports.reviews.read("reviews/1/7.json"))?.value ?? newReview;
    const voice = { person: { id: WRITER, login: "user-12" }, kind: "ack", sha: SHA, at: LATER } as const;
    await town.ports.reviews.create("reviews/1/7.json", speak(review, voice));
    const pull = town.github.pullOf({ author: { id: AUTHOR, login: "author" } });
    const config = await rulesOf(town.ports, repo);
    if (!isConfig(config)) throw new Error("the rules are wrong");
    await showReview(town.ports, { repo, pull, config, review: speak(review, voice) });
    expect(shownAt(town)).toMatchObject({ conclusion: "success", title: "Consented: 2 of 2 ACKs" });
  });
});

describe("a group of the merge queue", () => {
  const SHAS = { sha: NEXT, base: "b".repeat(40), branch: "main" };

  test("has passed the review before, and says so once, since GitHub asks for the check again", async () => {
    const town = await reviewed("acks: 1");
    for (const guid of ["q1", "q2"]) await town.deliver(guid, { kind: "queue-asked", repo, ...SHAS });
    expect(shownAt(town, NEXT)).toMatchObject({
      conclusion: "success",
      title: "Reviewed before it was queued",
    });
    expect(writes(town)).toHaveLength(2);
  });

  test("has no such check where the rules ask for no review", async () => {
    const town = await opened();
    await town.deliver("q3", { kind: "queue-asked", repo, ...SHAS });
    expect(shownAt(town, NEXT)).toBeUndefined();
  });
});

describe("silence about a pull request", () => {
  const until = daysLater(AT, 3).slice(0, 10);

  test("is consent after so many days, and not a second before", async () => {
    const town = await reviewed("acks: 1, lazyDays: 3");
    expect(shownAt(town)?.title).toContain(`silence counts as consent at ${until}`);
    expect(markers(town)).toEqual(["reviews-open/1/7"]);
    await calendar(town, `${until}T10:00:00.000Z`);
    expect(town.ports.events.sent).toEqual([]);
    await calendar(town, `${until}T23:00:00.000Z`);
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
    expect(shownAt(town)?.title).toContain("Consented by silence");
    expect(markers(town)).toEqual([]);
  });

  test("never lets anything be built", async () => {
    const town = await reviewed("acks: 1, lazyDays: 3");
    await calendar(town, daysLater(AT, 90));
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
    expect(town.ports.runs.all.size).toBe(0);
    expect(town.github.checks.find(({ check }) => check.name === "millwright")?.check).toMatchObject({
      conclusion: "action_required",
    });
    await says(town, COMMITTER, "/ack");
    expect(await town.run(PULL)).toMatchObject({ leave: { rule: "acked" } });
  });

  test("is no consent over a NACK, and is counted anew from when that was taken back", async () => {
    const town = await reviewed("acks: 2, lazyDays: 3");
    await says(town, WRITER, "/nack");
    await calendar(town, daysLater(AT, 10));
    expect(shownAt(town)).toMatchObject({ conclusion: "failure" });
    expect(markers(town)).toEqual([]);
    const back = daysLater(AT, 10);
    await says(town, WRITER, `/ack ${SHA.slice(0, 12)}`, back);
    expect(shownAt(town)).toMatchObject({ status: "queued" });
    await calendar(town, daysLater(back, 2));
    expect(shownAt(town)).toMatchObject({ status: "queued" });
    await calendar(town, daysLater(back, 4));
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
  });

  test("is counted anew for a new push", async () => {
    const town = await reviewed("acks: 1, lazyDays: 3");
    town.ports.clock = () => daysLater(AT, 2);
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT, author: { id: AUTHOR, login: "author" } }));
    await town.decide(changed);
    await calendar(town, daysLater(AT, 4));
    expect(shownAt(town, NEXT)).toMatchObject({ status: "queued" });
    await calendar(town, daysLater(AT, 6));
    expect(shownAt(town, NEXT)).toMatchObject({ conclusion: "success" });
  });

  test("is not counted while it is closed", async () => {
    const town = await reviewed("acks: 1, lazyDays: 3");
    const of = { author: { id: AUTHOR, login: "author" } };
    town.github.pulls.set(7, town.github.pullOf({ ...of, isOpen: false }));
    await town.deliver("c1", { kind: "pull-closed", repo, number: 7 });
    await calendar(town, daysLater(AT, 10));
    expect(markers(town)).toEqual([]);
    expect(shownAt(town)).toMatchObject({ status: "queued" });
    town.github.pulls.set(7, town.github.pullOf(of));
    await town.decide(changed);
    expect(shownAt(town)).toMatchObject({ status: "queued" });
    expect(shownAt(town)?.title).toContain(daysLater(AT, 13).slice(0, 10));
  });

  test("is asked about again by the next turn, when the message could not be sent", async () => {
    const town = await reviewed("acks: 1, lazyDays: 3");
    town.ports.clock = () => daysLater(AT, 4);
    const broken = { send: async () => Promise.reject(new Error("no queue")) };
    await expect(tendReviews({ ...town.ports, events: broken })).rejects.toThrow(/no queue/);
    expect(markers(town)).toEqual(["reviews-open/1/7"]);
    await calendar(town, daysLater(AT, 4));
    expect(shownAt(town)).toMatchObject({ conclusion: "success" });
  });
});
