import { describe, expect, test } from "vitest";
import type { Run } from "../../src/pipelines/run.ts";
import type { Records } from "../../src/ports.ts";
import { play } from "./play.ts";

// The steps of flow/ over ports in memory, in histories that chance plays and that a seed tells again: steps run side by
// side, each effect may fail before or after it has happened, messages come twice and in any order, and webhooks, events
// and processes get lost. MILLWRIGHT_HISTORIES=<n> plays more of them.
const HISTORIES = Number(process.env["MILLWRIGHT_HISTORIES"] ?? 1000);

async function firstWrong(mutant: Parameters<typeof play>[1], histories = HISTORIES) {
  for (let seed = 1; seed <= histories; seed++) {
    const wrong = await play(seed, mutant);
    if (wrong !== undefined) return { seed, wrong };
  }
  return undefined;
}

describe("the flow, whatever happens to it", { timeout: 600_000 }, () => {
  test("starts one build per attempt, publishes what has passed alone, and comes to rest with all told", async () => {
    expect(await firstWrong({})).toBeUndefined();
  });

  test("is found out to be wrong without a sweep", async () => {
    expect(await firstWrong({ sweeps: false }, 50)).toBeDefined();
  });

  test("is found out to be wrong when CodeBuild forgets its idempotency tokens, and nobody looks for a build", async () => {
    expect(await firstWrong({ finds: false }, 300)).toBeDefined();
  });

  test("is found out to be wrong when records are replaced without a look at their version", async () => {
    const change = (world: { runs: Records<Run> }) => {
      const { runs } = world;
      const newest = async (key: string) => (await runs.read(key))?.version ?? "";
      world.runs = { ...runs, replace: async (key, value) => runs.replace(key, value, await newest(key)) };
    };
    expect(await firstWrong({ change }, 300)).toBeDefined();
  });
});
