import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveryKey } from "../../src/bot/messages.ts";
import type { Fault } from "../../src/local/s3/server.ts";
import { leaks } from "./leaks.ts";
import { closed, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { foundVillage, SPEC, type Village } from "./village.ts";

// Deliveries as the world sends them: twice, late, forged, lost. Only the builds are rehearsed.
const SERVED = [7001, 7002, 7003, 7004];

let theatre: Theatre;
let founded = 0;
/** Who keeps the webhook door from writing into the ledger. */
let storage: (key: string) => Fault | undefined = () => undefined;

beforeAll(async () => {
  theatre = await openTheatre({
    deployment: { accounts: SERVED },
    // Longer than deciding takes on a busy machine, or what is only slow would end among the dead letters.
    hidden: { EventsQueue: 8 },
    sweepSeconds: 3,
    faults: { s3: ({ key }) => storage(key) },
  });
});

afterAll(async () => {
  const [found, dead] = [await leaks(theatre), await theatre.state.deadLetters()];
  await theatre.close();
  expect(found).toEqual([]);
  expect(dead).toBe(0);
});

async function served(): Promise<Village> {
  const ownerId = SERVED[founded] ?? 0;
  founded += 1;
  return foundVillage(theatre.github, { owner: `served-${ownerId}`, ownerId });
}

const verdictOf = (guid: string) => until(`a verdict on ${guid}`, () => theatre.state.verdict(guid));

/** How many builds each attempt of the run had. */
const built = (run: string) => [...theatre.builds.of(`${run}#`)].map(([, builds]) => builds.size);

const post = (headers: Record<string, string>, body: string) =>
  fetch(theatre.webhookUrl, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

describe("a delivery", () => {
  test("that comes twice starts one run with one build per stage", async () => {
    const { admin } = theatre.github;
    const village = await served();
    admin.hold();
    const sha = await village.commit("topic", { "greet.spec": SPEC });
    const number = await village.open("topic");
    const held = admin.held();
    await admin.release([...held, ...held]);
    const run = await closed(theatre, `${village.id}/pull/${number}/${sha}`);
    expect(built(run.id)).toEqual([1, 1]);
    const opened = held.find(({ event }) => event === "pull_request")?.guid ?? "";
    const because = "the author may write to this repository";
    expect(await verdictOf(opened)).toEqual({ event: "pull-changed", because, run: run.id });
  });

  test("that comes before an older one leads to a run of the newest commit alone", async () => {
    const { admin } = theatre.github;
    const village = await served();
    await village.commit("topic", { "greet.spec": SPEC });
    admin.hold();
    const number = await village.open("topic");
    const sha = await village.commit("topic", { "greet.spec": `${SPEC}\n` });
    const pulls = admin.held().filter(({ event }) => event === "pull_request");
    expect(pulls.map(({ action }) => action)).toEqual(["opened", "synchronize"]);
    await admin.release(admin.held().toReversed());
    const run = await closed(theatre, `${village.id}/pull/${number}/${sha}`);
    for (const { guid } of pulls) expect((await verdictOf(guid)).run).toBe(run.id);
    expect(built(run.id)).toEqual([1, 1]);
    // The sweep may have found the first commit while its news was held; then that run was given up.
    for (const key of await theatre.state.keys("StateBucket", `runs/${village.id}/pull/`)) {
      const other = await theatre.state.run(key.slice("runs/".length, -".json".length));
      expect(other?.id === run.id || other?.superseded === sha).toBe(true);
    }
  });

  test("that is lost is made good by the sweep, which compares heads", async () => {
    const { admin } = theatre.github;
    const village = await served();
    admin.hold();
    const sha = await village.commit("topic", { "greet.spec": SPEC });
    const number = await village.open("topic");
    const held = admin.held();
    await admin.release([]);
    const run = await closed(theatre, `${village.id}/pull/${number}/${sha}`);
    expect(built(run.id)).toEqual([1, 1]);
    for (const { guid } of held)
      expect(await theatre.state.text("StateBucket", deliveryKey(guid))).toBeUndefined();
  });

  test("that the door could not take is asked for again, and comes under its own GUID", async () => {
    const { admin } = theatre.github;
    storage = (key) => (key.startsWith("deliveries/") ? { status: 503, code: "SlowDown" } : undefined);
    await admin.ping();
    await admin.settled();
    const failed = admin.deliveries().at(-1);
    expect(failed).toMatchObject({ event: "ping", statusCode: 502, redelivery: false });
    storage = () => undefined;
    const { because } = await verdictOf(failed?.guid ?? "");
    expect(because).toBe("ping is not an event that starts anything");
    const tries = admin.deliveries().filter(({ guid }) => guid === failed?.guid);
    expect(tries.at(-1)).toMatchObject({ statusCode: 202, redelivery: true });
  });

  test("of an event that starts nothing is in the ledger with that verdict", async () => {
    const { admin } = theatre.github;
    await admin.ping();
    const because = "ping is not an event that starts anything";
    expect(await verdictOf(admin.deliveries().at(-1)?.guid ?? "")).toEqual({ event: "ignored", because });
  });

  test("for an account that is not served is in the ledger with that verdict, and builds nothing", async () => {
    const { admin } = theatre.github;
    const village = await foundVillage(theatre.github, { owner: "foreigner" });
    await village.commit("topic", { "greet.spec": SPEC });
    await village.open("topic");
    const opened = admin
      .deliveries()
      .find(({ event, repository }) => event === "pull_request" && repository === village.id);
    const because = "this account is not served by this deployment";
    expect(await verdictOf(opened?.guid ?? "")).toEqual({ event: "pull-changed", because });
    expect(await theatre.state.keys("StateBucket", `runs/${village.id}/`)).toEqual([]);
    expect(theatre.builds.of(`${village.id}/`).size).toBe(0);
  });

  test("that is forged is refused, noted under another name, and goes no further", async () => {
    const guid = randomUUID();
    const signature = `sha256=${"0".repeat(64)}`;
    const forged = { "x-github-delivery": guid, "x-github-event": "push", "x-hub-signature-256": signature };
    expect((await post(forged, '{"ref":"refs/heads/main"}')).status).toBe(401);
    const note = JSON.parse((await theatre.state.text("StateBucket", `refused/${guid}`)) ?? "");
    expect(note).toMatchObject({ event: "push", bytes: 25, because: "not signed by our secret" });
    await theatre.stack.host.idle();
    const keys = await theatre.state.keys("StateBucket", "");
    expect(keys.filter((key) => key.includes(guid))).toEqual([`refused/${guid}`]);
  });

  test("that is too large is answered with 413 before any door is asked", async () => {
    const guid = randomUUID();
    const headers = { "x-github-delivery": guid, "x-github-event": "push" };
    expect((await post(headers, "x".repeat(7 * 1024 * 1024))).status).toBe(413);
    await theatre.stack.host.idle();
    expect((await theatre.state.keys("StateBucket", "")).filter((key) => key.includes(guid))).toEqual([]);
  });

  test("that no door can read ends among the dead letters, and is decided when it is sent back", async () => {
    const { state, stack, github } = theatre;
    const guid = randomUUID();
    await state.send("EventsQueue", JSON.stringify({ v: 1, delivery: guid }));
    await until("a dead letter", async () => (await state.deadLetters()) === 1);
    const reason = `not decided yet: Error: no delivery ${guid} in the ledger`;
    expect(await state.verdict(guid)).toEqual({ event: "undecided", because: reason });
    // What was wrong with it is put right.
    const known =
      (await state.keys("StateBucket", "deliveries/")).find((key) => key !== deliveryKey(guid)) ?? "";
    const stored = JSON.parse((await state.text("StateBucket", known)) ?? "");
    await state.put(deliveryKey(guid), JSON.stringify({ ...stored, guid, event: "ping" }));
    expect(await stack.host.redrive("EventsQueue")).toBe(1);
    await until("a verdict", async () => (await state.verdict(guid))?.event !== "undecided");
    expect((await verdictOf(guid)).because).toBe("ping is not an event that starts anything");
    expect(github.admin.held()).toEqual([]);
  });
});
