import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channel, stockedShelf } from "./channel.ts";
import type { Shelf } from "./channel.ts";
import { CRASH, crashing } from "./crashing.ts";
import { polling } from "./polling.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

/** A channel with `hello` in it, what it is then, and all effects that adding `world` to it has. */
async function prepared() {
  const it = await channel(shelf);
  await it.run(["hello"]);
  const before = await it.files();
  const { changes, seen } = crashing(0, "before");
  const told = await it.run(["world"], changes);
  const after = await it.files();
  return { it, before, after, told, effects: seen() };
}

const OTHER = { manifest: { run: "another run", at: "2026-03-04T06:00:00Z" } } as const;

describe.each(["before", "after"] as const)("a publisher that dies %s any effect", (when) => {
  test("leaves its clients a whole snapshot all the time, and run again ends with the same bytes", async () => {
    const { it, before, after, told, effects } = await prepared();
    await using _it = it;
    expect(effects.filter((effect) => effect === "sign").length).toBeGreaterThan(3);
    expect(effects.filter((effect) => effect !== "sign").length).toBeGreaterThan(8);
    for (const nth of effects.keys()) {
      await it.restore(before);
      const reader = polling(`${it.url}/leap-15.6`, it.key);
      await expect(it.run(["world"], crashing(nth + 1, when).changes)).rejects.toThrow(CRASH);
      const known = await it.listed();
      expect([["hello"], ["hello", "world"]]).toContainEqual(known);
      expect(await it.run(["world"])).toEqual(told);
      expect(await it.files()).toEqual(after);
      expect([["hello"], ["hello,world"], ["hello", "hello,world"]]).toContainEqual(await reader.stop());
    }
  }, 300_000);

  test("does not hold up the next one, whose packages come too; and later its own, once", async () => {
    const { it, before, effects } = await prepared();
    await using _it = it;
    for (const nth of effects.keys()) {
      await it.restore(before);
      await expect(it.run(["world"], crashing(nth + 1, when).changes)).rejects.toThrow(CRASH);
      await it.run(["plus"], OTHER);
      const names = await it.listed();
      expect([
        ["c++lib", "hello"],
        ["c++lib", "hello", "world"],
      ]).toContainEqual(names);
      await it.run(["world"]);
      expect(await it.listed()).toEqual(["c++lib", "hello", "world"]);
    }
  }, 300_000);
});
