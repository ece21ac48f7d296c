import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Manifest } from "../../src/publish/manifest.ts";
import { Manifest as Schema } from "../../src/publish/manifest.ts";
import { channel, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { manifestOf } from "./kit.ts";
import { readAsClient } from "./reader.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const TARGET = "leap-15.6";
const to = (restore: number, target = TARGET): Manifest["targets"][number] => ({
  target,
  packages: [],
  restore,
});
const BACK = { run: "the rollback", at: "2026-03-05T00:00:00Z" } as const;

/** A channel with `hello`, to which `world` came. */
async function twoSnapshots() {
  const it = await channel(shelf);
  await it.run(["hello"]);
  await it.run(["world"]);
  return it;
}

test("an older snapshot comes back as the newest, with its packages and no others", async () => {
  await using it = await twoSnapshots();
  const revision = async () => (await readAsClient(`${it.url}/${TARGET}`, it.key)).revision;
  const before = await revision();
  expect(await it.run([], { manifest: { ...BACK, targets: [to(1)] } })).toMatchObject({
    published: { targets: [{ snapshot: "000003", packages: [{ name: "hello" }] }] },
  });
  expect(await it.listed()).toEqual(["hello"]);
  expect(await revision()).toBeGreaterThan(before);
  const metadata = async (snapshot: string) =>
    (await readdir(join(it.root, TARGET, "snapshots", snapshot, "repodata"))).toSorted();
  expect(await metadata("000003")).toEqual(await metadata("000001"));
});

test("what comes after it is added to it", async () => {
  await using it = await twoSnapshots();
  await it.run([], { manifest: { ...BACK, targets: [to(1)] } });
  await it.run(["plus"]);
  expect(await it.listed()).toEqual(["c++lib", "hello"]);
});

test("what is there already is not written again", async () => {
  await using it = await twoSnapshots();
  const before = await it.files();
  expect(await it.run([], { manifest: { ...BACK, targets: [to(2)] } })).toMatchObject({
    published: { targets: [{ snapshot: "000002", packages: [{ name: "hello" }, { name: "world" }] }] },
  });
  expect(await it.files()).toEqual(before);
});

test("a rollback that is run again takes nothing away of what came after it", async () => {
  await using it = await twoSnapshots();
  const release = { number: "20261123_01", sha: "a".repeat(40), branch: "main", of: "20261121_01" };
  const manifest: Partial<Manifest> = {
    ...BACK,
    release: { ...release, asked: "rollback" },
    targets: [to(1)],
  };
  const told = await it.run([], { manifest });
  await it.run(["plus"]);
  expect(await it.run([], { manifest })).toEqual(told);
  expect(await it.listed()).toEqual(["c++lib", "hello"]);
  expect(await it.listed(`releases/20261123_01/${TARGET}`)).toEqual(["hello"]);
});

test("if a package is gone from the pool it is named, and no target changes", async () => {
  await using it = await twoSnapshots();
  const other = { target: "tumbleweed", packages: [await shelf.offered("plus")] };
  await it.run([], { manifest: { run: "other", targets: [other] } });
  const gone = Object.keys(await it.files()).find((path) => path.endsWith("/hello-1.0-1.x86_64.rpm")) ?? "";
  await rm(join(it.root, gone));
  const before = await it.files();
  const more = { target: "tumbleweed", packages: [await shelf.offered("world")] };
  expect(await it.run([], { manifest: { ...BACK, targets: [more, to(1)] } })).toEqual({
    kind: "refused",
    sentences: [
      `${TARGET}: Snapshot 000001 of ${TARGET} cannot be restored: hello-1.0-1.x86_64 is no longer at ${gone}.`,
      `Nothing has changed for clients of tumbleweed, ${TARGET}.`,
    ],
  });
  expect(await it.files()).toEqual(before);
});

test("a snapshot that never was is refused", async () => {
  await using it = await twoSnapshots();
  expect(await it.run([], { manifest: { ...BACK, targets: [to(7)] } })).toEqual({
    kind: "refused",
    sentences: [`Snapshot 000007 of ${TARGET} cannot be restored: there is no such snapshot.`],
  });
});

test("a manifest that restores a target and brings packages to it as well is none", async () => {
  const both = { ...to(1), packages: [await shelf.offered("plus")] };
  expect(Schema.safeParse(manifestOf("http://mirror.invalid", [], { targets: [to(1)] })).success).toBe(true);
  expect(Schema.safeParse(manifestOf("http://mirror.invalid", [], { targets: [both] })).success).toBe(false);
});
