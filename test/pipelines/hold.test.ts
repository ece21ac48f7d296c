import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance } from "../../src/pipelines/advance.ts";
import type { Differs } from "../../src/pipelines/contents.ts";
import { hasEnded, next } from "../../src/pipelines/next.ts";
import { plan } from "../../src/pipelines/plan.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { isHeld } from "../../src/pipelines/settled.ts";
import type { Signal } from "../../src/pipelines/signal.ts";

const recipe = { kind: "rpm", name: "greet", path: "greet.spec" } as const;
const [SOURCE, X86, ARM] = [
  "source/greet",
  "build/greet/debian-12/x86_64",
  "build/greet/debian-12/aarch64",
] as const;
const at = (minute: number): string => `2026-11-21T11:${String(minute).padStart(2, "0")}:00.000Z`;

const born = plan({
  repo: { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false },
  trigger: {
    kind: "promotion",
    channel: "release",
    from: "nightly",
    number: "20261121_01",
    branch: "main",
    sha: "a".repeat(40),
  },
  zone: "trusted",
  channel: "release",
  at: at(0),
  leave: { rule: "promotion" },
  left: [],
  work: [
    { recipe, target: "debian-12", arch: "x86_64", tier: "required" },
    { recipe, target: "debian-12", arch: "aarch64", tier: "advisory" },
  ],
});

const change = {
  package: "greet-1.0-1.x86_64",
  kind: "file",
  name: "/usr/bin/greet",
  is: "changed",
} as const;
const differs: Differs = { changes: [change], count: 1 };
const passed = (stage: string, minute: number, more: { readonly differs?: Differs } = {}): Signal => ({
  kind: "passed",
  stage,
  attempt: 1,
  at: at(minute),
  prefix: "p/",
  files: [],
  ...more,
});
const accept: Signal = { kind: "accepted", at: at(30), by: "octocat" };
const after = (...signals: readonly Signal[]): Run => signals.reduce(advance, born);
const stateOf = (run: Run, wanted: string) => run.stages.find(({ name }) => name === wanted)?.state;
const held = (run: Run) => run.stages.filter((stage) => isHeld(stage, run)).map(({ name }) => name);

const builtOtherwise = after(passed(SOURCE, 1), passed(X86, 2, { differs }));

describe("a promotion that built something else than was tested", () => {
  test("is held: nobody is woken to publish it, and it has not ended", () => {
    const run = advance(builtOtherwise, passed(ARM, 3));
    expect(held(run)).toEqual(["publish/release"]);
    expect(next(run).filter(({ kind }) => kind === "wake")).toEqual([]);
    expect(hasEnded(run)).toBe(false);
  });

  test("goes on when a committer lets that pass, and says who did and when", () => {
    const run = advance(builtOtherwise, accept);
    expect(held(run)).toEqual([]);
    expect(run.stages.find(({ name }) => name === "publish/release")).toMatchObject({
      state: "ready",
      readyAt: at(30),
    });
    expect(run.stages.find(({ name }) => name === X86)?.differs).toEqual({
      ...differs,
      accepted: { by: "octocat", at: at(30) },
    });
    expect(advance(run, accept)).toBe(run);
    expect(advance(run, { ...accept, at: at(31), by: "somebody" })).toBe(run);
  });

  test("is not let pass by what was said before it was built", () => {
    const early: Signal = { kind: "accepted", at: at(1), by: "octocat" };
    expect(advance(builtOtherwise, early)).toBe(builtOtherwise);
  });

  test("can be given up", () => {
    const run = advance(builtOtherwise, { kind: "cancelled", at: at(5), because: "no" });
    expect(stateOf(run, "publish/release")).toBe("cancelled");
    expect(held(advance(run, accept))).toEqual([]);
  });

  test("on an arch that came late holds back that one alone", () => {
    const prompt = after(passed(SOURCE, 1), passed(X86, 2));
    expect(stateOf(prompt, "publish/release")).toBe("ready");
    const late = [passed(ARM, 8, { differs }), passed("publish/release", 9)].reduce(advance, prompt);
    expect(held(late)).toEqual(["backfill/release"]);
    expect(stateOf(advance(late, accept), "backfill/release")).toBe("ready");
  });

  test("is not held where nothing differs", () => {
    expect(stateOf(after(passed(SOURCE, 1), passed(X86, 2)), "publish/release")).toBe("ready");
  });
});

test("in any order, doubled and redelivered, nothing is published before it was accepted, and then it is", () => {
  const news = [passed(SOURCE, 1), passed(X86, 2, { differs }), passed(ARM, 3, { differs })];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...news, passed("publish/release", 9)), { maxLength: 12 }),
      fc.shuffledSubarray([...news, accept], { minLength: 4 }),
      (heard, order) => {
        const before = heard.reduce(advance, born);
        expect(stateOf(before, "publish/release")).toBe("waiting");
        // What is lost or heard too early comes again.
        const run = [...order, ...news, ...news, accept].reduce(advance, before);
        expect(stateOf(run, "publish/release")).toBe("ready");
      },
    ),
  );
});
