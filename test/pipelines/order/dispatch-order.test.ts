import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dispatchOrder, type Waiting } from "../../../src/pipelines/order/dispatch-order.ts";
import { laid } from "../laid.ts";
import type { Run } from "../../../src/pipelines/run.ts";

interface Asked {
  readonly repo: number;
  readonly kind: "pull" | "push";
  readonly recipes: number;
}

let runs = 0;
function runOf({ repo, kind, recipes }: Asked): Run {
  const sha = String((runs += 1)).padStart(40, "0");
  return laid({
    repo: { id: repo, owner: "acme", name: `os${repo}`, installation: 2, private: false, node: "R_1" },
    trigger:
      kind === "pull"
        ? { kind, number: runs, sha, base: "b", branch: "main" }
        : { kind, branch: "main", sha },
    zone: kind === "pull" ? "untrusted" : "trusted",
    channel: "devel",
    at: "2026-11-21T10:00:00.000Z",
    recipes: Array.from(
      { length: recipes },
      (_, i) => ({ kind: "rpm", name: `p${i}`, path: `p${i}.spec` }) as const,
    ),
    targets: { t: { x86_64: "required" } },
  });
}

const waitingIn = (run: Run, kind = "source"): Waiting[] =>
  run.stages.filter((stage) => stage.kind === kind).map((stage) => ({ run, stage }));
const classOf = ({ run, stage }: Waiting) =>
  stage.kind === "publish" ? 0 : run.trigger.kind === "pull" ? 1 : 2;

const asked = fc.array(
  fc.record({
    repo: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("pull" as const, "push" as const),
    recipes: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 8 },
);
const lines = asked.map((all) =>
  all.map(runOf).flatMap((run) => [...waitingIn(run), ...waitingIn(run, "publish")]),
);

const sha = "f".repeat(40);
const dated = { channel: "release", number: "20261121_01", branch: "main", sha } as const;
const builtFor = (trigger: Run["trigger"], kind = "build"): Waiting => {
  const run = laid({
    repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
    trigger,
    zone: "trusted",
    channel: "release",
    at: "2026-11-21T10:00:00.000Z",
    recipes: [{ kind: "rpm", name: "p", path: "p.spec" }],
    targets: { t: { x86_64: "required" } },
  });
  const [one] = waitingIn(run, kind);
  if (!one) throw new Error(`${trigger.kind} has no ${kind}`);
  return one;
};

/** The classes, the first to go first. */
const CLASSES = [
  ["publish", builtFor({ kind: "push", branch: "main", sha }, "publish")],
  ["security", builtFor({ kind: "promotion", from: "nightly", security: true, ...dated })],
  ["promotion", builtFor({ kind: "promotion", from: "nightly", ...dated })],
  ["queue", builtFor({ kind: "queue", base: "b", branch: "main", sha })],
  ["pull", builtFor({ kind: "pull", number: 7, base: "b", branch: "main", sha })],
  ["push", builtFor({ kind: "push", branch: "main", sha })],
  ["nightly", builtFor({ kind: "nightly", ...dated })],
  [
    "rebuild",
    builtFor({
      kind: "rebuild",
      branch: "main",
      sha,
      since: "2026-11-21T10:00:00.000Z",
      step: 1,
      reach: "transitive",
    }),
  ],
] as const;
const nameOf = (waiting: Waiting) => CLASSES.find(([, one]) => one === waiting)?.[0];

describe("the line before a pool", () => {
  test("publishing, then pull requests, then pushes", () => {
    fc.assert(
      fc.property(lines, (line) => {
        const classes = dispatchOrder(line).map(classOf);
        expect(classes).toEqual(classes.toSorted((a, b) => a - b));
      }),
    );
  });

  test("a rollback and a security release are published before all others", () => {
    const plain = builtFor({ kind: "push", branch: "main", sha }, "publish");
    const security = { kind: "promotion", from: "nightly", security: true, ...dated } as const;
    for (const trigger of [security, { kind: "rollback", of: "20261120_01", ...dated }] as const) {
      const first = builtFor(trigger, "publish");
      expect(dispatchOrder([plain, first])).toEqual([first, plain]);
    }
  });

  test("what is published goes first, then builds by what they are for", () => {
    const line = CLASSES.map(([, one]) => one);
    expect(dispatchOrder(line.toReversed()).map((one) => nameOf(one))).toEqual(CLASSES.map(([name]) => name));
  });

  test("nobody is lost and nobody stands in it twice", () => {
    fc.assert(
      fc.property(lines, (line) => {
        expect(new Set(dispatchOrder(line))).toEqual(new Set(line));
        expect(dispatchOrder(line)).toHaveLength(line.length);
      }),
    );
  });

  test("within a class no repository gets its next turn before all who wait have had theirs", () => {
    fc.assert(
      fc.property(lines, (line) => {
        const seen = new Map<string, number>();
        let last = "";
        let turn = 0;
        for (const one of dispatchOrder(line)) {
          const key = `${classOf(one)}`;
          if (key !== last) [last, turn] = [key, 0];
          const count = seen.get(`${key}/${one.run.repo.id}`) ?? 0;
          seen.set(`${key}/${one.run.repo.id}`, count + 1);
          expect(count).toBeGreaterThanOrEqual(turn);
          turn = count;
        }
      }),
    );
  });

  test("a small repository's only job does not stand behind a big one's hundred", () => {
    const big = waitingIn(runOf({ repo: 1, kind: "pull", recipes: 100 }));
    const small = waitingIn(runOf({ repo: 2, kind: "pull", recipes: 1 }));
    expect(dispatchOrder([...big, ...small]).indexOf(small[0]!)).toBeLessThan(2);
  });

  test("what has the longest way before it goes first, then what has waited longest", () => {
    const run = runOf({ repo: 1, kind: "push", recipes: 2 });
    const [source] = waitingIn(run);
    const [build] = waitingIn(run, "build");
    const late = { run, stage: { ...source!.stage, readyAt: "2026-11-21T12:00:00.000Z" } };
    const early = { run, stage: { ...waitingIn(run)[1]!.stage, readyAt: "2026-11-21T11:00:00.000Z" } };
    expect(dispatchOrder([build!, late, early])).toEqual([early, late, build]);
  });
});
