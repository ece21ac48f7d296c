import { afterAll, beforeAll, expect, test } from "vitest";
import type { Manifest } from "../../src/publish/manifest.ts";
import type { Mirror } from "../../src/publish/mirror.ts";
import { meanwhile } from "./meanwhile.ts";
import { channel, stockedShelf } from "./channel.ts";
import type { Name, Shelf } from "./channel.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const TARGETS = ["leap-15.6", "tumbleweed"] as const;
type Target = Manifest["targets"][number];

/** A channel with `hello` in its first target, and what else is asked of it. */
async function twoTargets() {
  const it = await channel(shelf);
  await it.run(["hello"]);
  const asked = async (names: Partial<Readonly<Record<string, Name>>>): Promise<Partial<Manifest>> => {
    const targets = Object.entries(names).map(async ([target, name]): Promise<Target> => {
      return { target, packages: name === undefined ? [] : [await shelf.offered(name)] };
    });
    return { run: JSON.stringify(names), targets: await Promise.all(targets) };
  };
  return { it, asked, both: () => Promise.all(TARGETS.map((target) => it.listed(target))) };
}

test("what somebody else brings to one target meanwhile stays, and what comes to the other is not written twice", async () => {
  const { it, asked, both } = await twoTargets();
  await using _it = it;
  const manifest = await asked({ [TARGETS[0]]: "world", [TARGETS[1]]: "plus" });
  const other = await asked({ [TARGETS[1]]: "hello" });
  const through = meanwhile(() => it.run([], { manifest: other }));
  expect(await it.run([], { manifest, through })).toMatchObject({
    published: { targets: [{ snapshot: "000002" }, { snapshot: "000003" }] },
  });
  expect(await both()).toEqual([
    ["hello", "world"],
    ["c++lib", "hello"],
  ]);
});

test("if one target must not have what it is brought by then, none changes, and it is said which that is", async () => {
  const { it, asked, both } = await twoTargets();
  await using _it = it;
  const manifest = await asked({ [TARGETS[0]]: "world", [TARGETS[1]]: "rebuilt" });
  const other = await asked({ [TARGETS[1]]: "hello" });
  const through = meanwhile(() => it.run([], { manifest: other }));
  expect(await it.run([], { manifest, through })).toMatchObject({
    kind: "refused",
    sentences: [
      expect.stringMatching(/^tumbleweed: "hello.* is refused by the rule "not-taken"/),
      "Nothing has changed for clients of leap-15.6, tumbleweed.",
    ],
  });
  expect(await both()).toEqual([["hello"], ["hello"]]);
});

test("no pointer moves while a client cannot read what another of the targets gets", async () => {
  const { it, asked } = await twoTargets();
  await using _it = it;
  const manifest = await asked({ [TARGETS[0]]: "world", [TARGETS[1]]: "plus" });
  const through = (mirror: Mirror): Mirror => ({
    ...mirror,
    create: async (key, body) =>
      (key.startsWith(TARGETS[1]) && key.endsWith(".rpm")) || mirror.create(key, body),
  });
  await expect(it.run([], { manifest, through })).rejects.toThrow("answers 404");
  expect(await it.listed(TARGETS[0])).toEqual(["hello"]);
  expect(await it.mirror.get(`${TARGETS[1]}/mirrorlist`)).toBeUndefined();
});
