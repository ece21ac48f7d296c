import { describe, expect, test } from "vitest";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { readRef } from "../../../src/publish/ostree/ref.ts";
import { lackOf } from "../kit.ts";
import { client, ostree, REF } from "./kit.ts";
import { town } from "./town.ts";

const lack = lackOf("ostree");

const small = (day: number) => ({
  "usr/bin/program": "always the same\n",
  "usr/etc/release": `day ${day}\n`,
});

/** A mirror whose publisher is gone at its nth write: before it happened, or after it but before anybody heard of it. */
function crashing(mirror: Mirror, nth: number, when: "before" | "after"): Mirror {
  let left = nth;
  const effect = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < 0 || (left === 0 && when === "before")) throw new Error("crash");
    const result = await work();
    if (left === 0) throw new Error("crash");
    return result;
  };
  return {
    get: (key) => (left > 0 ? mirror.get(key) : Promise.reject(new Error("crash"))),
    create: (key, body) => effect(() => mirror.create(key, body)),
    replace: (key, body, version) => effect(() => mirror.replace(key, body, version)),
    put: (key, body) => effect(() => mirror.put(key, body)),
  };
}

describe.skipIf(lack)(`a publisher of trees that ends at any write${lack}`, () => {
  test("never leaves a ref to anything that is missing, and the next one completes the work", async () => {
    await using it = await town();
    await ostree("init", `--repo=${it.mirrorDir}`, "--mode=archive");
    const first = await it.commit(small(1), 1);
    const reader = async () => client(it.dir, it);
    // Of the first publication: until nobody is hindered any more.
    const writes = await deaths(it, first);
    expect(writes).toBeGreaterThan(10);
    expect(await (await reader()).pull()).toBe(first);
    const second = await it.commit(small(2), 2);
    await it.delta(first, second);
    await deaths(it, second);
    const late = await reader();
    expect(await late.pull()).toBe(second);
    expect(await late.read("/usr/etc/release")).toBe("day 2");
  });
});

/** Publishes again and again, and lets the publisher end a write later each time. Gives the number of writes of a whole one. */
async function deaths(it: Awaited<ReturnType<typeof town>>, commit: string): Promise<number> {
  for (let nth = 1; ; nth += 1)
    for (const when of ["before", "after"] as const) {
      const before = await readRef(it.mirror, REF);
      const outcome = await it
        .publish(commit, { mirror: crashing(it.mirror, nth, when) })
        .catch((error: unknown) => error);
      await ostree("fsck", `--repo=${it.mirrorDir}`, "--quiet");
      const after = await readRef(it.mirror, REF);
      expect([before, commit]).toContain(after);
      if (!(outcome instanceof Error)) return nth;
      expect(outcome.message).toContain("crash");
      await it.publish(commit);
      expect(await readRef(it.mirror, REF)).toBe(commit);
      await ostree("fsck", `--repo=${it.mirrorDir}`, "--quiet");
      // The next death is one of a whole publication again.
      await it.rewind(before);
    }
}
