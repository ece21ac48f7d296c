import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Trigger } from "../../src/pipelines/run.ts";
import { releaseSuffix, withoutSuffix } from "../../src/pipelines/suffix.ts";

const pull = (number: number, sha = "abcdef0123"): Trigger => ({
  kind: "pull",
  number,
  sha,
  base: "b",
  branch: "main",
});
const push = (branch: string, sha = "abcdef0123"): Trigger => ({ kind: "push", branch, sha });

const rpm =
  spawnSync("rpm", ["--eval", '%{lua:print(rpm.vercmp("1", "2"))}'], { encoding: "utf8" }).stdout?.trim() ===
  "-1";

test("a pull request, a push", () => {
  const at = "2026-11-21T10:00:00.000Z";
  expect(releaseSuffix({ at, trigger: pull(7) })).toBe(".20261121100000.pr7.gabcdef0");
  expect(releaseSuffix({ at, trigger: push("release/15-SP6") })).toBe(
    ".20261121100000.release_15_SP6.gabcdef0",
  );
});

test("a package's file without the suffix is what it would be called without one", () => {
  const nightly = {
    kind: "nightly",
    channel: "n",
    number: "20261121_02",
    branch: "main",
    sha: "abcdef0123",
  } as const;
  const names = ["greet-1.0-1.x86_64", "gtk+3-devel-3.24.41-lp156.2.1.noarch", "greet-1.0-1.src"];
  for (const trigger of [pull(7), push("release/15-SP6"), nightly])
    for (const name of names) {
      const suffix = releaseSuffix({ at: "2026-11-21T10:00:00.000Z", trigger });
      const dot = name.lastIndexOf(".");
      expect(withoutSuffix(`${name.slice(0, dot)}${suffix}${name.slice(dot)}.rpm`)).toBe(name);
      expect(withoutSuffix(`${name}.rpm`)).toBe(name);
    }
});

test("what is promoted keeps the spec's own release", () => {
  const of = { kind: "promotion", channel: "release", from: "nightly", number: "20261121_02" } as const;
  const trigger = { ...of, branch: "main", sha: "abcdef0123" };
  expect(releaseSuffix({ at: "2026-11-21T10:00:00.000Z", trigger })).toBe("-");
});

const times = fc.date({ min: new Date("2020-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
const triggers = fc.oneof(
  fc.nat().map((n) => pull(n)),
  fc
    .tuple(fc.string({ unit: "binary", minLength: 1 }), fc.stringMatching(/^[0-9a-f]{40}$/))
    .map(([b, sha]) => push(b, sha)),
);

test("a suffix is text that a Release may hold, and never a dash", () => {
  fc.assert(
    fc.property(times, triggers, (at, trigger) => {
      expect(releaseSuffix({ at: at.toISOString(), trigger })).toMatch(
        /^\.\d{14}\.[A-Za-z0-9_]{1,43}\.g[0-9a-f]{7}$/,
      );
    }),
  );
});

test("the suffixes of two commits in the same second differ", () => {
  const at = "2026-11-21T10:00:00.000Z";
  const suffixes = [pull(7), pull(8), push("main"), pull(7, "fedcba0123")].map((trigger) =>
    releaseSuffix({ at, trigger }),
  );
  expect(new Set(suffixes).size).toBe(4);
});

const why = rpm ? "" : " (skipped, because there is no rpm with Lua here: apt-get install rpm)";

test.skipIf(!rpm)(
  `a later build is newer, by rpm's own comparison, whatever the branch and the pull request${why}`,
  () => {
    const pairs = fc.sample(
      fc.tuple(times, fc.integer({ min: 1000, max: 10 ** 10 }), triggers, triggers),
      60,
    );
    const calls = pairs.map(([at, ms, before, after]) => {
      const older = releaseSuffix({ at: at.toISOString(), trigger: before });
      const newer = releaseSuffix({ at: new Date(at.getTime() + ms).toISOString(), trigger: after });
      return `print(rpm.vercmp("1${newer}", "1${older}") .. " ")`;
    });
    const { stdout } = spawnSync("rpm", ["--eval", `%{lua:${calls.join(" ")}}`], { encoding: "utf8" });
    expect(stdout.trim().split(/\s+/)).toEqual(pairs.map(() => "1"));
  },
);

test.skipIf(!rpm)(`a build of a spec's next release is newer than all builds of this one${why}`, () => {
  const suffix = releaseSuffix({ at: "2099-11-21T10:00:00.000Z", trigger: pull(7) });
  const { stdout } = spawnSync("rpm", ["--eval", `%{lua:print(rpm.vercmp("2", "1${suffix}"))}`], {
    encoding: "utf8",
  });
  expect(stdout.trim()).toBe("1");
});
