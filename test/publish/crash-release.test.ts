import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/publish/manifest.ts";
import { MOVES } from "../../src/publish/moves.ts";
import { channel, stockedShelf } from "./channel.ts";
import type { Changes, Shelf } from "./channel.ts";
import { CRASH, crashing } from "./crashing.ts";
import { polling } from "./polling.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await stockedShelf();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const TARGETS = ["leap-15.6", "tumbleweed"] as const;
type Target = Manifest["targets"][number];

const released = (number: string, targets: Target[]): Partial<Manifest> => ({
  run: `run of ${number}`,
  release: { number, sha: "a".repeat(40), branch: "main" },
  targets,
});

/** A channel with `hello` in both targets, and what a release does to it. */
interface Scenario {
  readonly what: string;
  readonly before?: (it: Awaited<ReturnType<typeof channel>>) => Promise<unknown>;
  readonly manifest: () => Promise<Partial<Manifest>>;
  /** What clients of both targets find before and after. */
  readonly old: readonly string[];
  readonly now: readonly string[];
}

const bringing = async (): Promise<Partial<Manifest>> =>
  released("20261121_01", [
    { target: TARGETS[0], packages: [await shelf.offered("world")] },
    { target: TARGETS[1], packages: [await shelf.offered("plus")] },
  ]);

const SCENARIOS: readonly Scenario[] = [
  {
    what: "that brings packages to two targets",
    manifest: bringing,
    old: ["hello", "hello"],
    now: ["hello,world", "c++lib,hello"],
  },
  {
    what: "that takes two targets back",
    before: async (it) => it.run([], { manifest: await bringing(), unsigned: true }),
    manifest: async () =>
      released(
        "20261122_01",
        TARGETS.map((target) => ({ target, packages: [], restore: 1 })),
      ),
    old: ["hello,world", "c++lib,hello"],
    now: ["hello", "hello"],
  },
];

async function prepared({ before: prepare, manifest }: Scenario) {
  const it = await channel(shelf);
  const hello = await shelf.offered("hello");
  const first = { targets: TARGETS.map((target) => ({ target, packages: [hello] })) };
  await it.run([], { manifest: first, unsigned: true });
  await prepare?.(it);
  const before = await it.files();
  const asked = await manifest();
  const run = (changes: Partial<Changes> = {}) => it.run([], { manifest: asked, unsigned: true, ...changes });
  const { changes, seen } = crashing(0, "after");
  const told = await run(changes);
  const effects = seen();
  const end = effects.findLastIndex((effect) => effect.endsWith(MOVES));
  // The world after one effect is the world before the next, and a signature that is lost leaves no trace in it. What
  // follows when no pointer moves any more is told elsewhere.
  const writes = effects.flatMap((effect, n) =>
    effect === "sign" || n > end ? [] : [{ effect, nth: n + 1 }],
  );
  const listed = async () => Promise.all(TARGETS.map(async (one) => (await it.listed(one)).join()));
  return { it, run, before, told, after: await it.files(), writes, listed };
}

describe.each(SCENARIOS)("a publisher of a release $what, and dies after any write", (scenario) => {
  const { old, now } = scenario;
  const either = (n: number) => [[old[n]], [old[n], now[n]], [now[n]]];

  test("leaves clients of either target a whole snapshot all the time, and run again ends with the same bytes", async () => {
    const { it, run, before, told, after, writes } = await prepared(scenario);
    await using _it = it;
    expect(writes.filter(({ effect }) => effect.endsWith("/mirrorlist"))).toHaveLength(4);
    for (const { nth } of writes) {
      await it.restore(before);
      const client = { certificate: it.key.certificate, bodies: false, pause: 100 };
      const readers = TARGETS.map((target) => polling(`${it.url}/${target}`, client));
      await expect(run(crashing(nth, "after").changes)).rejects.toThrow(CRASH);
      expect(await run()).toEqual(told);
      expect(await it.files()).toEqual(after);
      for (const [n, reader] of readers.entries()) expect(either(n)).toContainEqual(await reader.stop());
    }
  }, 600_000);

  test("has changed all of its targets or none for whoever publishes next", async () => {
    const { it, run, before, writes, listed } = await prepared(scenario);
    await using _it = it;
    const ends: (readonly string[])[] = [];
    for (const { nth } of writes.filter(({ effect }) => /moves\.json$|\/mirrorlist$/.test(effect))) {
      await it.restore(before);
      await expect(run(crashing(nth, "after").changes)).rejects.toThrow(CRASH);
      await it.run(["hello"], { manifest: { run: "another run" }, unsigned: true });
      ends.push(await listed());
      expect([old, now]).toContainEqual(ends.at(-1));
      await run();
      expect(await listed()).toEqual(now);
    }
    expect(ends).toContainEqual(now);
  }, 600_000);
});
