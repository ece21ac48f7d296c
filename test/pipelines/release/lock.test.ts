import { describe, expect, test } from "vitest";
import { advance } from "../../../src/pipelines/advance.ts";
import { driftOf, isAllKnown, Lock, lockKey, lockOf } from "../../../src/pipelines/release/lock.ts";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import type { Stage } from "../../../src/pipelines/stage.ts";

const repo = { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false };
const recipe = { kind: "rpm", name: "greet", path: "greet/greet.spec" } as const;
const at = "2026-11-21T02:00:00.000Z";
const digest = (digit: string): string => digit.repeat(64);
const [SOURCE, X86, ARM] = [
  "source/greet",
  "build/greet/debian-12/x86_64",
  "build/greet/debian-12/aarch64",
] as const;
const IMAGE = `registry.example/debian@sha256:${digest("9")}`;

const born = plan({
  repo,
  trigger: {
    kind: "nightly",
    channel: "nightly",
    branch: "main",
    sha: "a".repeat(40),
    number: "20261121_01",
  },
  zone: "trusted",
  channel: "nightly",
  at,
  leave: { rule: "nightly" },
  left: [],
  work: (["x86_64", "aarch64"] as const).map((arch) => ({
    recipe,
    target: "debian-12",
    arch,
    tier: arch === "x86_64" ? "required" : "advisory",
  })),
});

const sourced = {
  kind: "passed",
  stage: SOURCE,
  attempt: 1,
  at,
  prefix: "results/s/",
  files: [
    { name: "bundle.tar", size: 1, sha256: digest("1") },
    { name: "recipe.spec", size: 1, sha256: digest("2") },
  ],
  facts: { tool: digest("3") },
  sources: [{ file: "greet-1.0.tar.gz", url: "https://example.org/greet", sha256: digest("4") }],
} as const;

const built = {
  kind: "passed",
  stage: X86,
  attempt: 1,
  at,
  prefix: "results/b/",
  files: [
    { name: "greet-1.0-1.x86_64.rpm", size: 1, sha256: digest("5") },
    { name: "build-root.tsv", size: 1, sha256: digest("6") },
    { name: "repositories.tsv", size: 1, sha256: digest("7") },
  ],
  facts: { script: digest("8") },
} as const;

const whole: Run = [
  sourced,
  { kind: "dispatched", image: IMAGE, stage: X86, attempt: 1, at } as const,
  { kind: "started", build: "b", stage: X86, attempt: 1, at } as const,
  built,
].reduce<Run>(advance, born);

describe("a lock", () => {
  test("says all that went into a release, as its run's record has it", () => {
    const lock = lockOf(whole);
    expect(lock).toEqual({
      v: 1,
      repo: { id: 1, owner: "acme", name: "os" },
      channel: "nightly",
      number: "20261121_01",
      branch: "main",
      sha: "a".repeat(40),
      recipes: [
        { recipe, bundle: digest("1"), spec: digest("2"), tool: digest("3"), sources: sourced.sources },
      ],
      jobs: [
        {
          name: "rpm:greet:debian-12-x86_64",
          recipe: recipe.path,
          target: "debian-12",
          arch: "x86_64",
          image: IMAGE,
          root: digest("6"),
          repositories: digest("7"),
          script: digest("8"),
        },
      ],
    });
    expect(Lock.parse(lock)).toEqual(lock);
    expect(lock && lockKey(lock)).toBe("locks/1/nightly/20261121_01.json");
  });

  test("of an equal build that was taken names the root that one was made in", () => {
    const taken = { ...built, image: IMAGE } as const;
    const run = [sourced, taken].reduce<Run>(advance, born);
    expect(lockOf(run)?.jobs).toMatchObject([{ image: IMAGE }]);
  });

  test("is all that can be known when every build is over, published or not", () => {
    expect(isAllKnown(whole)).toBe(false);
    const failed = { kind: "ended", as: "failed", because: "no", stage: ARM, attempt: 1, at } as const;
    expect(isAllKnown(advance(whole, failed))).toBe(true);
  });

  test("is not for what is no release", () => {
    const trigger = { kind: "push", branch: "main", sha: "a".repeat(40) } as const;
    expect(lockOf({ ...whole, trigger })).toBeUndefined();
  });
});

describe("sources that are fetched anew", () => {
  const lock = lockOf(whole);
  if (!lock) throw new Error("there is no lock");
  const now = (changes: Partial<Stage>): Stage => {
    const stage = whole.stages.find(({ name }) => name === SOURCE);
    if (!stage) throw new Error("there is no source stage");
    return { ...stage, ...changes };
  };
  const files = (bundle: string, spec: string) => [
    { name: "bundle.tar", size: 1, sha256: digest(bundle) },
    { name: "recipe.spec", size: 1, sha256: digest(spec) },
  ];

  test("are the locked ones if their bundle is", () => {
    expect(driftOf(lock, recipe, now({}))).toBeUndefined();
  });

  test("are told by file where one has changed, with both digests", () => {
    const sources = [{ file: "greet-1.0.tar.gz", sha256: digest("f") }];
    expect(driftOf(lock, recipe, now({ files: files("e", "2"), sources }))).toEqual({
      bundle: { locked: digest("1"), now: digest("e") },
      files: [{ file: "greet-1.0.tar.gz", locked: digest("4"), now: digest("f") }],
    });
  });

  test("are told by file where one came or went, the spec by its path", () => {
    const sources = [{ file: "fix.patch", sha256: digest("f") }];
    expect(driftOf(lock, recipe, now({ files: files("e", "d"), sources }))?.files).toEqual([
      { file: "fix.patch", now: digest("f") },
      { file: "greet-1.0.tar.gz", locked: digest("4") },
      { file: "greet/greet.spec", locked: digest("2"), now: digest("d") },
    ]);
  });

  test("are told even if no file differs, but they are packed otherwise", () => {
    expect(driftOf(lock, recipe, now({ files: files("e", "2") }))?.files).toEqual([]);
  });
});
