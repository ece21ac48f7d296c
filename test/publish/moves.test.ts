import { assert, asyncProperty, array, integer, record, scheduler } from "fast-check";
import { expect, test } from "vitest";
import type { Mirror } from "../../src/publish/mirror.ts";
import { MOVES, moveAll, settle } from "../../src/publish/moves.ts";
import { cases } from "../fuzz.ts";

const KEYS = ["a/mirrorlist", "b/mirrorlist", "c/mirrorlist"] as const;

/** Objects in memory with the conditions of S3; `history` is what each said, one after the other. */
function memory() {
  const objects = new Map<string, string>();
  const history = new Map<string, string[]>(KEYS.map((key) => [key, []]));
  const write = (key: string, body: unknown): true => {
    const text = Buffer.from(body as Uint8Array).toString();
    objects.set(key, text);
    history.get(key)?.push(text);
    return true;
  };
  const mirror: Mirror = {
    async get(key) {
      const text = objects.get(key);
      return text === undefined ? undefined : { value: Buffer.from(text), version: text };
    },
    create: async (key, body) => !objects.has(key) && write(key, body),
    replace: async (key, body, version) => objects.get(key) === version && write(key, body),
    put: async () => undefined,
  };
  return { mirror, objects, history };
}

/** The same, where each thing that is asked takes its turn, and nothing is answered after `last` writes: the publisher has
 *  died, before its last write was carried out or after. */
function slow(
  { mirror }: ReturnType<typeof memory>,
  turn: <T>(work: () => Promise<T>) => Promise<T>,
  { last, carriedOut }: Death,
): Mirror {
  let left = last;
  const writing = async (work: () => Promise<boolean>): Promise<boolean> =>
    turn(async () => {
      left -= 1;
      if (left < 0) throw new Error("dead");
      if (left === 0 && !carriedOut) throw new Error("dead");
      const done = await work();
      if (left === 0) throw new Error("dead");
      return done;
    });
  return {
    get: (key) => turn(() => mirror.get(key)),
    create: (key, body) => writing(() => mirror.create(key, body)),
    replace: (key, body, version) => writing(() => mirror.replace(key, body, version)),
    put: async () => undefined,
  };
}

interface Death {
  readonly last: number;
  readonly carriedOut: boolean;
}

/** Adds its name to what all pointers say, unless it is there. */
async function publisher(mirror: Mirror, name: number): Promise<void> {
  for (;;) {
    await settle(mirror);
    const there = await Promise.all(KEYS.map((key) => mirror.get(key)));
    const texts = there.map((one) => one && Buffer.from(one.value).toString());
    if (texts.every((text) => text?.includes(`${name}`))) return;
    const moves = KEYS.map((key, n) => {
      const from = texts[n];
      return { key, ...(from !== undefined && { from }), to: (from ?? "") + name };
    });
    if (await moveAll(mirror, moves)) return;
  }
}

test("whoever dies at whichever write, and whoever meets whom: all pointers move together, and none is lost", async () => {
  const death = record({ last: integer({ min: 0, max: 12 }), carriedOut: integer({ min: 0, max: 1 }) });
  await assert(
    asyncProperty(scheduler(), array(death, { minLength: 1, maxLength: 4 }), async (order, deaths) => {
      const it = memory();
      const turn = <T>(work: () => Promise<T>): Promise<T> => order.schedule(Promise.resolve()).then(work);
      const publishers = deaths.map(({ last, carriedOut }, n) =>
        publisher(slow(it, turn, { last: last || Infinity, carriedOut: carriedOut === 1 }), n),
      );
      const ends = Promise.allSettled(publishers);
      await order.waitFor(ends);
      await settle(it.mirror);
      const [first = [], ...others] = KEYS.map((key) => it.history.get(key));
      for (const other of others) expect(other).toEqual(first);
      for (const [n, text] of first.entries()) expect(text).toHaveLength(n + 1);
      const names = Array.from(first.at(-1) ?? "");
      expect(new Set(names).size).toBe(names.length);
      const alive = (await ends).flatMap(({ status }, n) => (status === "fulfilled" ? [`${n}`] : []));
      expect(names).toEqual(expect.arrayContaining(alive));
    }),
    { numRuns: Math.ceil(cases() / 10) },
  );
}, 120_000);

test("where one pointer says something else than was read, none moves", async () => {
  const { mirror, objects } = memory();
  await mirror.create(KEYS[1], Buffer.from("theirs"));
  const moves = KEYS.map((key) => ({ key, to: "ours" }));
  expect(await moveAll(mirror, moves)).toBe(false);
  expect([...objects.keys()].toSorted()).toEqual([KEYS[1], MOVES]);
});

test("what a publisher left in between is ended by the next one, whatever that wants itself", async () => {
  const { mirror, objects } = memory();
  let left = 2;
  const create: Mirror["create"] = async (key, body) => {
    left -= 1;
    if (left < 0) throw new Error("dead");
    return mirror.create(key, body);
  };
  const both = KEYS.slice(0, 2).map((key) => ({ key, to: "ours" }));
  await expect(moveAll({ ...mirror, create }, both)).rejects.toThrow("dead");
  expect(objects.get(KEYS[1])).toBeUndefined();
  expect(await moveAll(mirror, [{ key: KEYS[2], to: "theirs" }])).toBe(true);
  expect(KEYS.map((key) => objects.get(key))).toEqual(["ours", "ours", "theirs"]);
});

test("moves that no publisher wrote are not made, and it is said what to do", async () => {
  const { mirror, objects } = memory();
  await mirror.create(MOVES, Buffer.from('{"v":1,"moves":[{"key":"RPM-GPG-KEY-millwright","to":"theirs"}]}'));
  await expect(settle(mirror)).rejects.toThrow("is not what a publisher writes; look at the pointers");
  expect(objects.size).toBe(1);
});
