import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputsKey, SCRIPT } from "../../src/pipelines/inputs.ts";
import { logKey } from "../../src/pipelines/log/log.ts";
import { branchKey, pullKey } from "../../src/pipelines/newest.ts";
import { type Job, runId, slug } from "../../src/pipelines/run.ts";
import { attemptId, attemptOf, resultsPrefix } from "../../src/pipelines/stage.ts";
import { runOf, waitingKey, waitingPrefix } from "../../src/pipelines/order/waiting.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("~", "2", "f", ".", "/", "#", "!", " ") }),
);
const branches = ["main", "release/1.0", "a~b", "ä", "x#1", "a!b", "../..", "a b", "feature~2f.x"];
const job = (path: string): Job => ({
  name: "rpm:greet:debian-12-x86_64",
  recipe: { kind: "rpm", name: "greet", path },
  target: "debian-12",
  arch: "x86_64",
  tier: "required",
  source: "source/greet",
  build: "build/greet/debian-12/x86_64",
});

describe("slug", () => {
  test("two texts never share a slug", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(slug(a) === slug(b)).toBe(a === b);
      }),
    );
  });

  test("a slug holds nothing that a key or an attempt's name gives a meaning to", () => {
    fc.assert(
      fc.property(text, (a) => {
        expect(Array.from(slug(a)).filter((c) => "/#!% \n?&".includes(c))).toEqual([]);
      }),
    );
  });
});

describe("keys", () => {
  test("two branches never share a run or a newest commit", () => {
    const push = (branch: string) => runId({ id: 1 }, { kind: "push", branch, sha: "a" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(push(a) === push(b)).toBe(a === b);
        expect(branchKey(1, a) === branchKey(1, b)).toBe(a === b);
      }),
    );
  });

  test("a branch is never taken for a pull request", () => {
    fc.assert(
      fc.property(text, fc.nat(), (branch, n) => {
        expect(branchKey(1, branch)).not.toBe(pullKey(1, n));
      }),
    );
  });

  test.each(branches)("the marker of a run on %s names this run again", (branch) => {
    const run = runId({ id: 1 }, { kind: "push", branch, sha: "a".repeat(40) });
    const key = waitingKey("build-trusted-x86_64", run);
    expect(runOf(key)).toBe(run);
    expect(key.slice(waitingPrefix("build-trusted-x86_64").length)).not.toContain("/");
  });

  test("a marker names its run again, whatever the branch", () => {
    fc.assert(
      fc.property(text, (branch) => {
        const run = runId({ id: 1 }, { kind: "push", branch, sha: "a" });
        expect(runOf(waitingKey("source-trusted", run))).toBe(run);
      }),
    );
  });

  test("an attempt is read back from its name, whatever the branch and the recipe", () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 99 }), (branch, recipe, attempt) => {
        const run = runId({ id: 1 }, { kind: "push", branch, sha: "a" });
        const ref = { run, stage: `build/${slug(recipe)}/t/x86_64`, attempt };
        expect(attemptOf(attemptId(ref))).toEqual(ref);
        expect(logKey(attemptId(ref))).toBe(`${run}/${ref.stage}/${attempt}.txt`);
      }),
    );
  });

  test.each(["", "a", "a#b", "#b#1", "a##1", "a#b#1#c"])("%j names no attempt", (id) => {
    expect(attemptOf(id)).toBeUndefined();
  });

  test("no attempt's prefix is the beginning of another's", () => {
    const first = resultsPrefix({ run: "1/pull/7/a", stage: "source/x", attempt: 1 });
    expect(resultsPrefix({ run: "1/pull/7/a", stage: "source/x", attempt: 11 }).startsWith(first)).toBe(
      false,
    );
  });

  test("builds are equal only with the same zone, suffix or none, repository, recipe, target, arch, image, bundle and needs", () => {
    const run = {
      zone: "trusted",
      trigger: { kind: "push" },
      repo: { id: 1, owner: "a", name: "b", installation: 2, private: false, node: "R_1" },
    } as const;
    const inputs = { bundle: "0".repeat(64), image: "leap:15.6" };
    const keys = [
      inputsKey(run, job("greet.spec"), inputs),
      inputsKey({ ...run, zone: "untrusted" }, job("greet.spec"), inputs),
      inputsKey({ ...run, repo: { ...run.repo, id: 2 } }, job("greet.spec"), inputs),
      inputsKey(run, job("a/greet.spec"), inputs),
      inputsKey(run, { ...job("greet.spec"), target: "debian-13" }, inputs),
      inputsKey(run, { ...job("greet.spec"), arch: "aarch64" }, inputs),
      inputsKey(run, job("greet.spec"), { ...inputs, image: "leap/15.6" }),
      inputsKey(run, job("greet.spec"), { ...inputs, bundle: "1".repeat(64) }),
      inputsKey(run, job("greet.spec"), { ...inputs, needs: "2".repeat(64) }),
      inputsKey({ ...run, trigger: { kind: "promotion" } }, job("greet.spec"), inputs),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(inputsKey({ ...run, trigger: { kind: "nightly" } }, job("greet.spec"), inputs)).toBe(keys[0]);
    const renamed = { ...run.repo, name: "renamed" };
    expect(inputsKey({ ...run, repo: renamed }, job("greet.spec"), inputs)).toBe(keys[0]);
  });

  test("another build script is another input: whoever changes it tells its digest", async () => {
    const script = await readFile(new URL("../../buildspecs/build-rpm.yml", import.meta.url));
    expect(createHash("sha256").update(script).digest("hex").slice(0, 16)).toBe(SCRIPT);
  });
});
