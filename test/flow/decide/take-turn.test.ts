import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PromotionPorts } from "../../../src/flow/decide/promotion.ts";
import { askRerun } from "../../../src/flow/obey/rerun.ts";
import { promote } from "../../../src/flow/decide/promotion.ts";
import { rollBack } from "../../../src/flow/decide/rollback.ts";
import { decideNight } from "../../../src/flow/decide/night.ts";
import { hasEnded } from "../../../src/pipelines/next.ts";
import { isPublished } from "../../../src/pipelines/release/release.ts";
import { cases } from "../../fuzz.ts";
import {
  allPass,
  FIRST,
  FOURTH,
  night,
  promoted,
  released,
  releasesIn,
  SECOND,
  THIRD,
} from "../release-world.ts";
import { AT, repo, type World } from "../world.ts";

const to = { channel: "release", from: "nightly", tags: "release/" };
const asks = {
  third: (ports: PromotionPorts) => promote(ports, { repo, to, number: THIRD }),
  fourth: (ports: PromotionPorts) => promote(ports, { repo, to, number: FOURTH }),
  back: (ports: PromotionPorts) =>
    rollBack(ports, {
      repo,
      channel: "release",
      number: FIRST,
      by: "octocat",
      isNumbered: true,
      above: ["nightly"],
    }),
  /** Re-run, on the check of a promotion that failed. */
  again: async (ports: PromotionPorts) => {
    const externalId = `1/promotion/release/${THIRD}#`;
    const { run, because } = await askRerun(ports, { repo, externalId, sha: "13".padStart(40, "0") });
    return run === undefined ? { refusals: [because] } : { run };
  },
} as const;

/** The promotion of the third one failed. */
async function failed(town: World): Promise<void> {
  await asks.third(town.ports);
  const id = `1/promotion/release/${THIRD}`;
  const { stages } = await town.run(id);
  for (const { name, attempt } of stages)
    await town.move(id, { kind: "ended", as: "failed", because: "no", stage: name, attempt, at: AT });
}

/** Two releases, and two more nightlies that could be promoted. */
async function ready(...asked: readonly unknown[]): Promise<World> {
  const town = await released();
  await night(town, THIRD, 13);
  await night(town, FOURTH, 14);
  if (asked.includes(asks.again)) await failed(town);
  return town;
}

/** The same ports, with something before each call of them. */
function through(ports: World["ports"], before: () => Promise<unknown>): PromotionPorts {
  const wrapped = Object.entries(ports).map(([name, port]) => {
    if (typeof port !== "object") return [name, port];
    const calls = Object.entries(port).map(([call, value]: [string, unknown]) => [
      call,
      typeof value !== "function"
        ? value
        : async (...given: unknown[]) => {
            await before();
            return value(...given) as unknown;
          },
    ]);
    return [name, Object.fromEntries(calls) as unknown];
  });
  return Object.fromEntries(wrapped) as PromotionPorts;
}

/** What is on its way to the channel. */
async function underWay(town: World): Promise<readonly string[]> {
  const ids = [...town.ports.runs.all.keys()]
    .map((key) => key.slice("runs/".length, -".json".length))
    .filter((id) => id.startsWith("1/promotion/release/") || id.startsWith("1/rollback/release/"));
  const runs = await Promise.all(ids.map(async (id) => town.run(id)));
  return runs.filter((run) => !isPublished(run) && !hasEnded(run)).map(({ id }) => id);
}

const letPass = (outcomes: readonly object[]): number =>
  outcomes.filter((outcome) => !("refusals" in outcome)).length;

const pairs = [
  ["a promotion, then another", asks.third, asks.fourth],
  ["a promotion, then an older one", asks.fourth, asks.third],
  ["a promotion, then a rollback", asks.third, asks.back],
  ["a rollback, then a promotion", asks.back, asks.fourth],
  ["a promotion tried again, then another", asks.again, asks.fourth],
  ["a rollback, then a promotion tried again", asks.back, asks.again],
] as const;

describe("of two that are asked for at once, one comes to the channel", () => {
  test.each(pairs)("%s: whichever of its steps the other one is asked before", async (_, one, other) => {
    let steps = 0;
    for (let at = 0; at <= steps; at += 1) {
      const town = await ready(one, other);
      const others: object[] = [];
      let step = 0;
      const ports = through(town.ports, async () => {
        if ((step += 1) === at) others.push(await other(town.ports));
      });
      const outcome = await one(ports);
      steps = step;
      if (others.length === 0) others.push(await other(town.ports));
      expect([at, letPass([outcome, ...others])]).toEqual([at, 1]);
      expect([at, await underWay(town)]).toEqual([at, [expect.any(String)]]);
    }
    expect(steps).toBeGreaterThan(10);
  });

  test.each(pairs)(
    "%s: also where it was cut off before any of its steps, and is asked for again",
    async (_, one, other) => {
      let steps = 0;
      for (let at = 0; at <= steps; at += 1) {
        const town = await ready(one, other);
        let step = 0;
        const ports = through(town.ports, async () => {
          if ((step += 1) === at) throw new Error("cut off");
        });
        await one(ports).catch(() => undefined);
        steps = Math.max(step, steps);
        const second = await other(town.ports);
        expect([at, await underWay(town)]).toEqual([at, [expect.any(String)]]);
        const again = await one(town.ports);
        expect([at, letPass([second, again])]).toEqual([at, 1]);
        expect([at, await underWay(town)]).toEqual([at, [expect.any(String)]]);
      }
    },
  );

  test("in whichever order their steps come, with a night among them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const town = await ready();
        town.github.branches.set("main", { sha: "15".padStart(40, "0"), isProtected: true });
        const ports = () =>
          through(
            town.ports,
            s.scheduleFunction(async () => undefined),
          );
        const event = { kind: "night-came", repo, channel: "nightly", night: "another" } as const;
        const all = [asks.third(ports()), asks.fourth(ports()), asks.back(ports())];
        const [outcomes, slept] = await s.waitFor(
          Promise.all([Promise.all(all), decideNight(ports(), event)]),
        );
        expect(letPass(outcomes)).toBe(1);
        expect(await underWay(town)).toHaveLength(1);
        const numbers = releasesIn(town, "nightly");
        expect(new Set(numbers).size).toBe(numbers.length);
        // A number that a rollback has is no night's.
        const back = outcomes.flatMap((one) => ("release" in one ? [one.release.number] : []));
        expect(back.filter((number) => slept.because.includes(number))).toEqual([]);
      }),
      { numRuns: Math.ceil(cases() / 100) },
    );
  });
});

test("when one has come to the channel, the next may", async () => {
  const town = await ready();
  await promoted(town, THIRD, 3);
  expect(letPass([await asks.third(town.ports), await asks.fourth(town.ports)])).toBe(2);
  await allPass(town, `1/promotion/release/${FOURTH}`, 4);
  expect(await asks.back(town.ports)).toMatchObject({ release: { number: "20261121_05", of: FIRST } });
  expect(releasesIn(town, "release")).toEqual([FIRST, SECOND, THIRD, FOURTH, "20261121_05"]);
});

test("what failed is not tried again once something newer has come", async () => {
  const town = await ready(asks.again);
  await promoted(town, FOURTH, 4);
  expect(await asks.again(town.ports)).toEqual({
    refusals: ["something newer came to the channel, or is on its way to it"],
  });
  expect(await underWay(town)).toEqual([]);
});

test("a night that begins while its channel goes back gives way, or the channel waits for it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (s) => {
      const town = await released();
      town.github.branches.set("main", { sha: "13".padStart(40, "0"), isProtected: true });
      const ports = () =>
        through(
          town.ports,
          s.scheduleFunction(async () => undefined),
        );
      const event = { kind: "night-came", repo, channel: "nightly", night: "another" } as const;
      const asked = { repo, channel: "nightly", number: FIRST, by: "octocat", isNumbered: true, above: [] };
      const both = [decideNight(ports(), event), rollBack(ports(), asked)] as const;
      const [slept, back] = await s.waitFor(Promise.all(both));
      const run = await town.run(slept.run ?? "");
      const last = "release" in back ? back.release.number : "";
      const isBefore = (releasesIn(town, "nightly").at(-1) ?? "") === last;
      expect(run.stages.every(({ state }) => state === "cancelled")).toBe(isBefore);
    }),
    { numRuns: Math.ceil(cases() / 100) },
  );
});
