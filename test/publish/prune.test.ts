import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pinKey } from "../../src/pipelines/release/pin.ts";
import { publisherKey } from "../../src/pipelines/order/publisher.ts";
import { PUSH, SHA, repo, sourced } from "../flow/world.ts";
import { PLACE } from "./bucket.ts";
import { channel, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { pruning } from "./pruning.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const TARGET = "leap-15.6";

/** `hello` came, then `world` in its place, both long ago. */
async function house(rules = "channels: { devel: { branch: main, keepDays: 7 } }") {
  const it = await channel(shelf);
  const first = { run: "1", at: "2026-01-01T00:00:00Z", release: releaseOf("20260101_01") };
  await it.run(["hello"], { manifest: first });
  const target = { target: TARGET, packages: [await shelf.offered("world")] };
  const withdraw = ["hello-1.0-1.x86_64"];
  const second = { run: "2", at: "2026-01-02T00:00:00Z", release: releaseOf("20260102_01") };
  await it.run([], { manifest: { ...second, targets: [{ ...target, withdraw }] } });
  return { ...it, ...pruning(it.root, { rules, begins: "2026-03-01T03:17:00.000Z" }) };
}

const releaseOf = (number: string) => ({ number, sha: SHA, branch: "main", asked: "nightly" }) as const;

test("what an old snapshot alone needed goes a day after it was found, and clients find the channel whole", async () => {
  await using it = await house();
  await it.prune();
  expect(it.mirror.removed).toEqual([]);
  it.nextDay();
  await it.prune();
  const removed = [...it.mirror.removed];
  expect(removed).toContain(`${TARGET}/snapshots/000001/repodata/repomd.xml`);
  expect(removed.filter((key) => key.includes("/pool/") && key.includes("hello"))).not.toEqual([]);
  expect(removed.filter((key) => key.includes("snapshots/000002") || key.includes("world"))).toEqual([]);
  expect(removed.filter((key) => key.startsWith("releases/20260101_01/"))).not.toEqual([]);
  expect(await it.listed()).toEqual(["world"]);
  it.nextDay();
  await it.prune();
  expect(it.mirror.removed).toEqual(removed);
});

test("a dry run says what would go and why the rest stays, and changes nothing", async () => {
  await using it = await house();
  const before = await it.files();
  const [plan] = await it.prune(true);
  expect(plan).toMatchObject({
    place: PLACE,
    keepDays: 7,
    stays: [{ target: TARGET, snapshot: 2, because: "current" }],
  });
  expect(plan?.keys.length).toBeGreaterThan(5);
  expect(plan?.bytes).toBeGreaterThan(1000);
  expect(await it.files()).toEqual(before);
  expect(it.state.all.size).toBe(0);
});

test("a pinned release stays, and can be installed from its own address", async () => {
  await using it = await house();
  await it.state.put(pinKey(repo.id, "devel", "20260101_01"), "{}");
  await it.prune();
  it.nextDay();
  await it.prune();
  expect(it.mirror.removed).toEqual([]);
  expect(await it.listed(`releases/20260101_01/${TARGET}`)).toEqual(["hello"]);
});

test("without keepDays nothing ever goes", async () => {
  await using it = await house("channels: { devel: { branch: main } }");
  expect(await it.prune()).toEqual([]);
});

test("while somebody publishes nothing goes", async () => {
  await using it = await house();
  await it.prune();
  it.nextDay();
  it.town.github.branches.set("main", { sha: SHA, isProtected: true });
  await it.town.decide({ kind: "branch-pushed", repo, branch: "main" });
  await sourced(it.town, PUSH);
  await it.publishers.create(publisherKey({ repo, channel: "devel" }), {
    v: 1,
    attempts: [`${PUSH}#publish/devel#1`],
  });
  await it.prune();
  expect(it.mirror.removed).toEqual([]);
});

test("a mirror that is not as it says is left alone", async () => {
  await using it = await house();
  await it.prune();
  it.nextDay();
  await rm(join(it.root, TARGET, "snapshots/000002/packages.jsonl.gz"));
  await expect(it.prune()).rejects.toThrow("packages.jsonl.gz is missing");
  expect(it.mirror.removed).toEqual([]);
});

test("cut off anywhere, what is left goes another day and no address leads to half of something", async () => {
  await using it = await house();
  await it.prune();
  it.nextDay();
  const { remove } = it.mirror;
  let left = 3;
  it.mirror.remove = async (key) => {
    left -= 1;
    if (left < 0) throw new Error("cut off");
    return remove(key);
  };
  await expect(it.prune()).rejects.toThrow("cut off");
  it.mirror.remove = remove;
  expect(await it.listed()).toEqual(["world"]);
  it.nextDay();
  await it.prune();
  it.nextDay();
  await it.prune();
  const files = Object.keys(await it.files());
  expect(files.filter((file) => file.includes("000001") || file.includes("hello"))).toEqual([]);
});
