import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance } from "../../src/pipelines/advance.ts";
import { ATTEMPTS } from "../../src/pipelines/heard.ts";
import { hasEnded, next } from "../../src/pipelines/next.ts";
import { type Asked, laid } from "./laid.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Signal } from "../../src/pipelines/signal.ts";
import { isOver, RANK } from "../../src/pipelines/stage.ts";

const wish: Asked = {
  repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
  trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
  at: "2026-11-21T10:00:00.000Z",
  recipes: [
    { kind: "rpm", name: "greet", path: "greet.spec" },
    { kind: "rpm", name: "farewell", path: "farewell.spec" },
  ],
  targets: { "debian-12": { x86_64: "required", aarch64: "advisory" } },
};
const born = laid(wish);
const at = (minute: number) => `2026-11-21T11:${String(minute).padStart(2, "0")}:00.000Z`;
const file = { name: "bundle.tar", size: 1, sha256: "0".repeat(64) };
const file2 = { prefix: "results/x/", files: [file] };

/** A world: for every stage and attempt what truly became of it, and when. */
type Fate = "passed" | "failed" | "timed-out" | "errored";
const fates = fc.array(
  fc.constantFrom<Fate>("passed", "passed", "passed", "failed", "timed-out", "errored"),
  {
    minLength: born.stages.length * ATTEMPTS,
    maxLength: born.stages.length * ATTEMPTS,
  },
);

/** All the news that the world has of the builds that were truly made. */
function newsOf(world: readonly Fate[]): Signal[] {
  return born.stages.flatMap(({ name }, i) => {
    const all: Signal[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const fate = world[i * ATTEMPTS + attempt - 1]!;
      const of = { stage: name, attempt, at: at(i + attempt * 10) };
      all.push({ kind: "dispatched", ...of }, { kind: "started", build: `b:${name}:${attempt}`, ...of });
      all.push({ kind: "entered", phase: "BUILD", ...of });
      if (fate === "passed") all.push({ kind: "passed", ...file2, ...of });
      else all.push({ kind: "ended", as: fate, because: "it broke", ...of });
      if (fate !== "errored") break;
    }
    return all;
  });
}

/** The news comes again until nothing changes: that is what redelivery and the sweep amount to. */
function atRest(run: Run, news: readonly Signal[]): Run {
  for (;;) {
    const now = news.reduce(advance, run);
    if (now === run) return run;
    run = now;
  }
}

/**
 * What people and the publisher see of a run at its end. `rev` counts the steps and may differ, and so may
 * which of two failures a skipped stage names: the one that was heard first.
 */
const outcome = ({ stages }: Run) =>
  stages.map(({ name, state, attempt, build, because, files, endedAt }) =>
    state === "skipped" ? { name, state, attempt } : { name, state, attempt, build, because, files, endedAt },
  );

describe("advance", () => {
  test("any order, doubling and loss-then-redelivery of news gives the same end", () => {
    const shuffled = fates.chain((world) => {
      const news = newsOf(world);
      return fc.record({
        news: fc.constant(news),
        heard: fc.array(fc.integer({ min: 0, max: news.length - 1 }), { maxLength: news.length * 3 }),
        order: fc.shuffledSubarray(news, { minLength: news.length }),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ news, heard, order }) => {
        const calm = atRest(born, news);
        const wild = atRest(heard.map((i) => news[i]!).reduce(advance, born), order);
        expect(outcome(wild)).toEqual(outcome(calm));
        expect(hasEnded(calm)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("within an attempt a stage only moves down its list, and an attempt never comes back", () => {
    const story = fates.chain((world) =>
      fc.array(fc.constantFrom(...newsOf(world), cancel, ...retries()), { maxLength: 80 }),
    );
    fc.assert(
      fc.property(story, (signals) => {
        let run = born;
        for (const signal of signals) {
          const now = advance(run, signal);
          for (const [i, stage] of now.stages.entries()) {
            const was = run.stages[i]!;
            const isLater = stage.attempt > was.attempt;
            expect(isLater || (stage.attempt === was.attempt && RANK[stage.state] >= RANK[was.state])).toBe(
              true,
            );
          }
          run = now;
        }
      }),
      { numRuns: 300 },
    );
  });

  test("nothing is built or published before what it needs has passed", () => {
    const story = fates.chain((world) =>
      fc.array(fc.constantFrom(...newsOf(world), cancel, ...retries()), { maxLength: 80 }),
    );
    fc.assert(
      fc.property(story, (signals) => {
        const run = signals.reduce(advance, born);
        const states = new Map(run.stages.map((stage) => [stage.name, stage]));
        for (const stage of run.stages.filter(({ state }) =>
          ["ready", "starting", "running"].includes(state),
        ))
          for (const need of stage.needs) {
            const needed = states.get(need.stage)!;
            expect(need.be === "passed" ? needed.state === "passed" : isOver(needed)).toBe(true);
          }
      }),
      { numRuns: 300 },
    );
  });

  test("news of an old attempt is not heard", () => {
    const [source] = born.stages;
    const of = { stage: source!.name, attempt: 1, at: at(1) };
    const failed = advance(born, { kind: "ended", as: "failed", because: "no", ...of });
    const again = advance(failed, { kind: "retried", stage: source!.name, attempt: 1, at: at(2) });

    expect(again.stages[0]).toMatchObject({ state: "ready", attempt: 2 });
    expect(advance(again, { kind: "passed", ...file2, ...of })).toBe(again);
    expect(advance(again, { kind: "retried", stage: source!.name, attempt: 1, at: at(3) })).toBe(again);
  });

  test("a signal that says nothing new gives the very same run", () => {
    const of = { stage: born.stages[0]!.name, attempt: 1, at: at(1) };
    const started = advance(born, { kind: "started", build: "b:1", ...of });
    expect(started).not.toBe(born);
    expect(advance(started, { kind: "started", build: "b:1", ...of })).toBe(started);
    expect(advance(started, { kind: "reported", rev: started.rev + 1 })).toBe(started);
  });

  test("infrastructure trouble is tried again twice, a failure of the change is not", () => {
    const name = born.stages[0]!.name;
    let run = born;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      expect(run.stages[0]).toMatchObject({ state: "ready", attempt });
      run = advance(run, {
        kind: "ended",
        as: "errored",
        because: "S3 was away",
        stage: name,
        attempt,
        at: at(attempt),
      });
    }
    expect(run.stages[0]).toMatchObject({ state: "errored", attempt: ATTEMPTS });
  });

  test("an advisory arch that fails neither blocks publishing nor is lost from view", () => {
    const run = born.stages
      .filter(({ kind }) => kind !== "publish")
      .map(({ name }): Signal => {
        const of = { stage: name, attempt: 1, at: at(5) };
        return name.endsWith("aarch64")
          ? { kind: "ended", as: "failed", because: "no", ...of }
          : { kind: "passed", ...file2, ...of };
      })
      .reduce(advance, born);
    expect(run.stages.find(({ name }) => name === "publish/devel")).toMatchObject({ state: "ready" });
    expect(run.stages.find(({ name }) => name === "backfill/devel")).toMatchObject({ state: "waiting" });
  });

  test("a cancelled stage that may have a build is over only when that build is", () => {
    const of = { stage: born.stages[0]!.name, attempt: 1, at: at(1) };
    const doubtful = [{ kind: "dispatched", ...of } as const, cancel].reduce<Run>(advance, born);
    expect(hasEnded(doubtful)).toBe(false);

    const known = advance(doubtful, { kind: "started", build: "b:1", ...of });
    expect(next(known)).toContainEqual({ kind: "stop", build: "b:1" });
    expect(known.stages[0]).toMatchObject({ state: "cancelled" });

    const stopped = advance(known, { kind: "stopped", because: "stopped", ...of });
    expect(hasEnded(stopped)).toBe(true);
    expect(next(stopped)).not.toContainEqual({ kind: "stop", build: "b:1" });
  });
});

test("a build that turns up after its stage was given up for lost is stopped after all", () => {
  const of = { stage: born.stages[0]!.name, attempt: 1, at: at(1) };
  const doubtful = [{ kind: "dispatched", ...of } as const, cancel].reduce<Run>(advance, born);
  const lost = advance(doubtful, { kind: "stopped", because: "nobody knows it", ...of });
  expect(hasEnded(lost)).toBe(true);

  const found = advance(lost, { kind: "started", build: "b:1", ...of });
  expect(hasEnded(found)).toBe(false);
  expect(next(found)).toContainEqual({ kind: "stop", build: "b:1" });
});

describe("next", () => {
  test("a run of 400 jobs owes at most a wake-up per pool and one report, whatever happens to it", () => {
    const recipes = Array.from(
      { length: 100 },
      (_, i) => ({ kind: "rpm", name: `p${i}`, path: `p${i}.spec` }) as const,
    );
    const arches = {
      x86_64: "required",
      aarch64: "required",
      s390x: "advisory",
      ppc64le: "advisory",
    } as const;
    const big = laid({ ...wish, recipes, targets: { t: arches } });
    expect(big.jobs).toHaveLength(400);

    let run = big;
    for (const { name } of big.stages.filter(({ kind }) => kind === "source")) {
      run = advance(run, { kind: "passed", ...file2, stage: name, attempt: 1, at: at(1) });
      expect(next(run).length).toBeLessThanOrEqual(6);
    }
  });

  test("a run that has ended and been told owes nothing more", () => {
    const over = advance(born, cancel);
    expect(next(over).map(({ kind }) => kind)).toEqual(["report"]);
    const told = advance(over, { kind: "reported", rev: over.rev });
    expect(next(told)).toEqual([]);
  });
});

const cancel = { kind: "cancelled", at: at(59), because: "closed" } as const;

function retries(): Signal[] {
  return born.stages.flatMap(({ name }) =>
    [1, 2].map((attempt) => ({ kind: "retried", stage: name, attempt, at: at(50) }) as const),
  );
}
