import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/publish/manifest.ts";
import { withOthers } from "../../src/publish/key-ring.ts";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import { POINTER, channel, stockedShelf } from "./channel.ts";
import type { Name, Shelf } from "./channel.ts";
import { testKey } from "./kit.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const TARGET = "leap-15.6";
const at = (number: string): string => `releases/${number}/${TARGET}`;

/** A channel of releases, each of which brings packages or goes back to a snapshot. */
async function releases() {
  const it = await channel(shelf);
  const named = (number: string): Partial<Manifest> => ({
    run: `run of ${number}`,
    release: { number, sha: "a".repeat(40), branch: "main" },
  });
  return Object.assign(it, {
    bring: (number: string, names: readonly Name[], key?: OpenPgpKey) =>
      it.run(names, { manifest: named(number), ...(key && { key }) }),
    goBack: (number: string, restore: number) =>
      it.run([], { manifest: { ...named(number), targets: [{ target: TARGET, packages: [], restore }] } }),
  });
}

const [FIRST, SECOND, THIRD] = ["20261121_01", "20261122_01", "20261123_01"] as const;

test("a release has key, repository file and pointer of its own, and tells where", async () => {
  await using it = await releases();
  const told = await it.bring(FIRST, ["hello"]);
  const file = `releases/${FIRST}/os-devel-${TARGET}.repo`;
  expect(told).toMatchObject({ published: { targets: [{ pinned: `${it.url}/${file}` }] } });
  expect(await it.text(file)).toBe(`[os-devel-${TARGET}-${FIRST}]
name=os devel ${FIRST} (${TARGET})
enabled=1
autorefresh=1
type=rpm-md
mirrorlist=${it.url}/${at(FIRST)}/mirrorlist
gpgcheck=1
repo_gpgcheck=1
pkg_gpgcheck=1
gpgkey=${it.url}/releases/${FIRST}/RPM-GPG-KEY-millwright
`);
  expect(await it.text(`releases/${FIRST}/RPM-GPG-KEY-millwright`)).toBe(it.key.certificate);
  expect(await it.text(`${at(FIRST)}/mirrorlist`)).toBe(await it.text(POINTER));
});

test("a release keeps the keys that it had when more comes to it under others", async () => {
  await using it = await releases();
  const [second, third] = [await testKey(), await testKey()];
  await it.bring(FIRST, ["hello"]);
  await it.bring(FIRST, ["plus"], withOthers(second, [it.key]));
  await it.bring(FIRST, ["world"], withOthers(third, [second]));
  const all = [third, second, it.key].map(({ certificate }) => certificate);
  expect(await it.text(`releases/${FIRST}/RPM-GPG-KEY-millwright`)).toBe(all.join(""));
});

test("what is no release gets no such place, and tells of none", async () => {
  await using it = await channel(shelf);
  const told = await it.run(["hello"]);
  expect(Object.keys(await it.files()).filter((path) => path.startsWith("releases/"))).toEqual([]);
  expect(JSON.stringify(told)).not.toContain("pinned");
});

test("an earlier release stays what it was when a later one comes, file by file", async () => {
  await using it = await releases();
  await it.bring(FIRST, ["hello"]);
  const before = await it.files();
  await it.bring(SECOND, ["world"]);
  const now = await it.files();
  const kept = Object.keys(before).filter((path) => /^releases\/|\/(pool|snapshots)\//.test(path));
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.filter((path) => now[path] !== before[path])).toEqual([]);
  expect(await it.listed(at(FIRST))).toEqual(["hello"]);
  expect(await it.listed(at(SECOND))).toEqual(["hello", "world"]);
  expect(await it.listed()).toEqual(["hello", "world"]);
});

test("a release that brings nothing new leads to what is there", async () => {
  await using it = await releases();
  await it.bring(FIRST, ["hello"]);
  expect(await it.bring(SECOND, ["hello"])).toMatchObject({
    published: { targets: [{ snapshot: "000001" }] },
  });
  expect(await it.listed(at(SECOND))).toEqual(["hello"]);
});

test("a release that is published again changes nothing, whatever came after it", async () => {
  await using it = await releases();
  const told = await it.bring(FIRST, ["hello"]);
  await it.bring(SECOND, ["world"]);
  const before = await it.files();
  expect(await it.bring(FIRST, ["hello"])).toEqual(told);
  expect(await it.files()).toEqual(before);
});

describe("packages that come late to a release", () => {
  test("come to the channel with it while it is the newest", async () => {
    await using it = await releases();
    await it.bring(FIRST, ["hello"]);
    expect(await it.bring(FIRST, ["plus"])).toMatchObject({
      published: { targets: [{ snapshot: "000002" }] },
    });
    expect(await it.listed(at(FIRST))).toEqual(["c++lib", "hello"]);
    expect(await it.text(`${at(FIRST)}/mirrorlist`)).toBe(await it.text(POINTER));
  });

  test("come to it without what is newer, and to the channel with it", async () => {
    await using it = await releases();
    await it.bring(FIRST, ["hello"]);
    await it.bring(SECOND, ["world"]);
    expect(await it.bring(FIRST, ["plus"])).toMatchObject({
      published: { targets: [{ snapshot: "000003", packages: [{ name: "c++lib" }] }] },
    });
    expect(await it.listed(at(FIRST))).toEqual(["c++lib", "hello"]);
    expect(await it.listed(at(SECOND))).toEqual(["hello", "world"]);
    expect(await it.listed()).toEqual(["c++lib", "hello", "world"]);
  });

  test("get a number that nothing else had, though what had it is gone", async () => {
    await using it = await releases();
    await it.bring(FIRST, ["hello"]);
    await it.bring(SECOND, ["world"]);
    await it.goBack(THIRD, 1);
    await rm(join(it.root, TARGET, "snapshots/000002"), { recursive: true });
    expect(await it.bring(FIRST, ["plus"])).toMatchObject({
      published: { targets: [{ snapshot: "000004" }] },
    });
  });

  test("do not come to a channel that went back to before it", async () => {
    await using it = await releases();
    await it.bring(FIRST, ["hello"]);
    await it.bring(SECOND, ["world"]);
    await it.goBack(THIRD, 1);
    await it.bring(SECOND, ["plus"]);
    expect(await it.listed(at(SECOND))).toEqual(["c++lib", "hello", "world"]);
    expect(await it.listed()).toEqual(["hello"]);
    expect(await it.listed(at(THIRD))).toEqual(["hello"]);
  });
});
