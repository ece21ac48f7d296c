import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asked, laid } from "./laid.ts";
import { Run } from "../../src/pipelines/run.ts";

const AT = "2026-11-21T10:00:00.000Z";
const push: Asked = {
  repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
  trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
  at: AT,
  recipes: [
    { kind: "rpm", name: "greet", path: "greet/greet.spec" },
    { kind: "rpm", name: "farewell", path: "farewell.spec" },
  ],
  targets: { "leap-15.6": { x86_64: "required", aarch64: "advisory" }, "debian-12": { x86_64: "required" } },
};
const pull: Asked = {
  ...push,
  trigger: { kind: "pull", number: 7, sha: "a".repeat(40), base: "b".repeat(40), branch: "main" },
  zone: "untrusted",
};
const names = (wish: Asked, kind: string) =>
  laid(wish)
    .stages.filter((stage) => stage.kind === kind)
    .map(({ name }) => name);

describe("plan", () => {
  test("one job per recipe, target and arch, named as its check run will be", () => {
    expect(laid(push).jobs.map(({ name, tier }) => `${name} ${tier}`)).toEqual([
      "rpm:greet:leap-15.6-x86_64 required",
      "rpm:greet:leap-15.6-aarch64 advisory",
      "rpm:greet:debian-12-x86_64 required",
      "rpm:farewell:leap-15.6-x86_64 required",
      "rpm:farewell:leap-15.6-aarch64 advisory",
      "rpm:farewell:debian-12-x86_64 required",
    ]);
  });

  test("sources are fetched once per recipe and are ready at birth; builds wait for them", () => {
    const { stages } = laid(push);
    expect(
      stages
        .filter(({ kind }) => kind === "source")
        .map(({ name, state, readyAt }) => [name, state, readyAt]),
    ).toEqual([
      ["source/greet", "ready", AT],
      ["source/farewell", "ready", AT],
    ]);
    const build = stages.find(({ name }) => name === "build/farewell/debian-12/x86_64");
    expect(build).toMatchObject({ state: "waiting", needs: [{ stage: "source/farewell", be: "passed" }] });
  });

  test("each stage waits for the pool of its kind, zone and arch", () => {
    const pools = (wish: Asked) => [...new Set(laid(wish).stages.map(({ pool }) => pool))];
    expect(pools(push)).toEqual([
      "source-trusted",
      "build-trusted-x86_64",
      "build-trusted-aarch64",
      "publish",
    ]);
    expect(pools(pull)).toEqual(["source-untrusted", "build-untrusted-x86_64", "build-untrusted-aarch64"]);
  });

  test("publishing waits for all that is required, and what is advisory follows it", () => {
    const [publish, backfill] = laid(push).stages.filter(({ kind }) => kind === "publish");
    expect(publish).toMatchObject({ name: "publish/devel", state: "waiting" });
    expect(publish?.needs).toEqual([
      { stage: "build/greet/leap-15.6/x86_64", be: "passed" },
      { stage: "build/greet/debian-12/x86_64", be: "passed" },
      { stage: "build/farewell/leap-15.6/x86_64", be: "passed" },
      { stage: "build/farewell/debian-12/x86_64", be: "passed" },
    ]);
    expect(backfill).toMatchObject({ name: "backfill/devel" });
    expect(backfill?.needs).toEqual([
      { stage: "publish/devel", be: "passed" },
      { stage: "build/greet/leap-15.6/aarch64", be: "over" },
      { stage: "build/farewell/leap-15.6/aarch64", be: "over" },
    ]);
  });

  test("where all is required there is no backfill; where all is advisory it is published when it is over", () => {
    expect(names({ ...push, targets: { t: { x86_64: "required" } } }, "publish")).toEqual(["publish/devel"]);
    const advisory = laid({ ...push, targets: { t: { x86_64: "advisory" } } });
    const [publish, ...more] = advisory.stages.filter(({ kind }) => kind === "publish");
    expect(more).toEqual([]);
    expect(publish?.needs.every(({ be }) => be === "over")).toBe(true);
  });

  test("a pull request's own channel waits for all builds to be over, in another pool, and nothing waits for it", () => {
    const run = laid({ ...pull, channel: "pr/7" });
    const [shown, ...more] = run.stages.filter(({ kind }) => kind === "publish");
    expect(more).toEqual([]);
    expect(shown).toMatchObject({ name: "channel/pr~2f.7", pool: "publish-pull", state: "waiting" });
    expect(shown?.needs).toEqual(run.jobs.map(({ build }) => ({ stage: build, be: "over" })));
    expect(run.channel).toBe("pr/7");
  });

  test.each([
    ["a pull request without a channel", { ...pull, channel: undefined }],
    ["a pull request with a branch's channel", { ...pull, channel: "devel" }],
    [
      "a pull request with a branch's channel, in whatever zone",
      { ...pull, channel: "devel", zone: "trusted" },
    ],
    ["a pull request with another's channel", { ...pull, channel: "pr/8" }],
    ["a push without a channel", { ...push, channel: undefined }],
    ["a push to a branch that is not protected", { ...push, zone: "untrusted" }],
  ] as const)("%s is never published", (_, wish) => {
    expect(names(wish, "publish")).toEqual([]);
    expect(laid(wish).channel).toBeUndefined();
  });

  test("whatever is wished for: names are unique, needs come first, and the record is one", () => {
    const plain = fc.string({
      unit: fc.constantFrom("a", "-", ".", "/", "#", " ", "ä"),
      minLength: 1,
      maxLength: 6,
    });
    const wishes = fc.record({
      zone: fc.constantFrom("trusted" as const, "untrusted" as const),
      recipes: fc.uniqueArray(plain, { minLength: 1, maxLength: 4 }),
      targets: fc.dictionary(
        plain,
        fc.dictionary(fc.constantFrom("x86_64", "s390x"), fc.constantFrom("required", "advisory")),
        {
          noNullPrototype: true,
          maxKeys: 3,
        },
      ),
    });
    fc.assert(
      fc.property(wishes, ({ zone, recipes, targets }) => {
        const rpm = recipes.map((name) => ({ kind: "rpm", name, path: `${name}.spec` }) as const);
        const run = laid({ ...push, zone, recipes: rpm, targets });
        const stages = run.stages.map(({ name }) => name);
        expect(new Set(stages).size).toBe(stages.length);
        expect(new Set(run.jobs.map(({ build }) => build)).size).toBe(run.jobs.length);
        for (const [i, { needs, pool }] of run.stages.entries()) {
          for (const need of needs) expect(stages.indexOf(need.stage)).toBeLessThan(i);
          expect(pool === "publish" || pool.includes(`-${zone}`)).toBe(true);
        }
        expect(Run.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
      }),
      { numRuns: 100 },
    );
  });
});
