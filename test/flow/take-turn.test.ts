import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PromotionPorts } from "../../src/flow/decide-promotion.ts";
import { promote } from "../../src/flow/decide-promotion.ts";
import { rollBack } from "../../src/flow/decide-rollback.ts";
import { decideNight } from "../../src/flow/decide-night.ts";
import { hasEnded } from "../../src/pipelines/next.ts";
import { isPublished } from "../../src/pipelines/release.ts";
import { cases } from "../fuzz.ts";
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
} from "./release-world.ts";
import { repo, type World } from "./world.ts";

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
} as const;

/** Two releases, and two more nightlies that could be promoted. */
async function ready(): Promise<World> {
  const town = await released();
  await night(town, THIRD, 13);
  await night(town, FOURTH, 14);
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
] as const;

describe("of two that are asked for at once, one comes to the channel", () => {
  test.each(pairs)("%s: whichever of its steps the other one is asked before", async (_, one, other) => {
    let steps = 0;
    for (let at = 0; at <= steps; at += 1) {
      const town = await ready();
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
        const town = await ready();
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
          Promise.all([Promise.all(all), decideNight(ports() as World["ports"], event)]),
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
