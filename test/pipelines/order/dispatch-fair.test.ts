import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dispatchOrder, type Waiting } from "../../../src/pipelines/order/dispatch-order.ts";
import { pathsOf } from "../../../src/pipelines/order/path.ts";
import type { Run, Tier } from "../../../src/pipelines/run.ts";
import { laid } from "../laid.ts";

const KINDS = ["pull", "push", "queue", "rebuild"] as const;
type Kind = (typeof KINDS)[number];

interface Asked {
  readonly repo: number;
  readonly kind: Kind;
  readonly tier?: Tier;
  /** Of its builds, one recipe each. */
  readonly expected?: readonly number[];
  readonly behind?: number;
  readonly readyAt?: string;
}

const AT = "2026-11-21T10:00:00.000Z";
let runs = 0;

function triggerOf(kind: Kind): Run["trigger"] {
  const sha = String((runs += 1)).padStart(40, "0");
  if (kind === "pull") return { kind, number: runs, sha, base: "b", branch: "main" };
  if (kind === "queue") return { kind, sha, base: "b", branch: "main" };
  return kind === "push"
    ? { kind, branch: "main", sha }
    : { kind, branch: "main", sha, since: AT, step: 1, reach: "transitive" };
}

/** The builds of a run, waiting. */
function builds({ repo, kind, tier = "required", expected = [300], behind, readyAt = AT }: Asked): Waiting[] {
  const bare = laid({
    repo: { id: repo, owner: "acme", name: `os${repo}`, installation: 2, private: false, node: "R_1" },
    trigger: triggerOf(kind),
    zone: "trusted",
    channel: "devel",
    at: AT,
    recipes: expected.map((_, i) => ({ kind: "rpm", name: `p${i}`, path: `p${i}.spec` }) as const),
    targets: { t: { x86_64: tier } },
  });
  const jobs = bare.jobs.map((job, i) => ({
    ...job,
    expected: expected[i] ?? 300,
    ...(behind && { behind }),
  }));
  const run = { ...bare, jobs };
  const stages = run.stages.filter((stage) => stage.kind === "build");
  return stages.map((stage) => ({ run, stage: { ...stage, state: "ready", readyAt } }));
}

const running = (one: Waiting, startedAt = AT): Waiting => ({
  ...one,
  stage: { ...one.stage, state: "running", startedAt },
});

const asked = fc.record({
  repo: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom(...KINDS),
  tier: fc.constantFrom("required" as const, "advisory" as const),
  expected: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
  behind: fc.integer({ min: 0, max: 9 }),
});
const lines = fc.array(asked, { maxLength: 8 }).map((all) => all.flatMap(builds));
const names = (line: readonly Waiting[]) => line.map(({ run, stage }) => `${run.id} ${stage.name}`);
const kindsOf = (line: readonly Waiting[]) => line.map(({ run }) => run.trigger.kind);

describe("the order", () => {
  test("is the same whoever is listed first", () => {
    fc.assert(
      fc.property(
        lines.chain((line) =>
          fc.tuple(fc.constant(line), fc.shuffledSubarray(line, { minLength: line.length })),
        ),
        ([line, shuffled]) => {
          expect(names(dispatchOrder(shuffled))).toEqual(names(dispatchOrder(line)));
        },
      ),
    );
  });

  test("never has something advisory before what is required of its class", () => {
    const tierOf = ({ run, stage }: Waiting) => run.jobs.find(({ build }) => build === stage.name)?.tier;
    fc.assert(
      fc.property(lines, lines, (line, others) => {
        const order = dispatchOrder(line, { busy: others.map((one) => running(one)) });
        for (const kind of KINDS) {
          const tiers = order.filter(({ run }) => run.trigger.kind === kind).map(tierOf);
          const advisory = tiers.filter((tier) => tier === "advisory");
          expect(tiers.slice(tiers.length - advisory.length)).toEqual(advisory);
        }
      }),
    );
  });

  test("puts behind whoever has builders already, and only what has them in the same class counts", () => {
    const [a, b] = [builds({ repo: 1, kind: "pull" }), builds({ repo: 2, kind: "pull", expected: [9] })];
    const busy = builds({ repo: 1, kind: "pull" }).map((one) => running(one));
    const rebuilt = builds({ repo: 1, kind: "rebuild", expected: [1, 1, 1] }).map((one) => running(one));
    expect(dispatchOrder([...a, ...b])).toEqual([...a, ...b]);
    expect(dispatchOrder([...a, ...b], { busy })).toEqual([...b, ...a]);
    expect(dispatchOrder([...a, ...b], { busy: rebuilt })).toEqual([...a, ...b]);
  });

  test("of one repository's is by the seconds that lie before each, what is built after it counted", () => {
    const line = [
      builds({ repo: 1, kind: "push", expected: [100] }),
      builds({ repo: 1, kind: "push", expected: [20], behind: 1000 }),
      builds({ repo: 1, kind: "push", expected: [400] }),
    ].flat();
    const [short, deep, long] = line;
    expect(dispatchOrder(line)).toEqual([deep, long, short]);
  });
});

describe("a class that is always overtaken", () => {
  const late = "2026-11-22T10:00:00.000Z";
  const [rebuilt] = builds({ repo: 1, kind: "rebuild" });
  const pulls = builds({ repo: 2, kind: "pull", expected: [1, 1], readyAt: late });
  const line = [...pulls, ...(rebuilt ? [rebuilt] : [])];

  test("gets a builder when it has waited for half a day, and not before", () => {
    expect(kindsOf(dispatchOrder(line, { busy: [], now: "2026-11-21T21:59:00.000Z" }))).toEqual([
      "pull",
      "pull",
      "rebuild",
    ]);
    expect(kindsOf(dispatchOrder(line, { busy: [], now: late }))).toEqual(["rebuild", "pull", "pull"]);
  });

  test("gets no second one while it has one in twenty", () => {
    const busy = builds({ repo: 3, kind: "rebuild" }).map((one) => running(one, late));
    const others = builds({ repo: 3, kind: "pull" }).map((one) => running(one, late));
    expect(kindsOf(dispatchOrder(line, { busy: others, now: late }))[0]).toBe("rebuild");
    expect(kindsOf(dispatchOrder(line, { busy, now: late }))[0]).toBe("pull");
  });

  test("is served in the end, however many pull requests come", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), (slots, recipes) => {
        const waiting = builds({
          repo: 1,
          kind: "rebuild",
          expected: Array.from({ length: recipes }, () => 1),
        });
        let busy: readonly Waiting[] = [];
        for (let hour = 0; hour < 24 + recipes; hour += 1) {
          const now = new Date(Date.parse(AT) + hour * 3_600_000).toISOString();
          waiting.push(...builds({ repo: 2, kind: "pull", readyAt: now, expected: Array(slots).fill(1) }));
          const order = dispatchOrder(waiting, { busy: [], now });
          busy = order.slice(0, slots).map((one) => running(one, now));
          waiting.splice(0, waiting.length, ...order.slice(slots));
        }
        expect(busy).toHaveLength(slots);
        expect(kindsOf(waiting)).not.toContain("rebuild");
      }),
      { numRuns: 20 },
    );
  });
});

test("the way before a stage is its own time and the longest of what waits for it", () => {
  const [one] = builds({ repo: 1, kind: "push", expected: [100, 700] });
  const paths = one && pathsOf(one.run);
  // Fetched as usual in 30 seconds, published in 60.
  expect(Object.fromEntries(paths ?? [])).toEqual({
    "source/p0": 190,
    "source/p1": 790,
    "build/p0/t/x86_64": 160,
    "build/p1/t/x86_64": 760,
    "publish/devel": 60,
  });
});
