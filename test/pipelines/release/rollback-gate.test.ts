import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Release } from "../../../src/pipelines/release/release.ts";
import * as gate from "../../../src/pipelines/release/rollback-gate.ts";
import type { Run } from "../../../src/pipelines/run.ts";

const repo = { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false };
const known = { channel: "release", branch: "main", number: "20261120_01" } as const;
const sha = "a".repeat(40);

const release: Release = {
  v: 1,
  ...known,
  from: "nightly",
  repo,
  asked: "promotion of nightly 20261120_01",
  at: "2026-11-20T02:00:00.000Z",
  inputs: { sha, jobs: [] },
};

const laid = plan({
  repo,
  trigger: { kind: "promotion", from: "nightly", sha, ...known },
  zone: "trusted",
  channel: "release",
  at: release.at,
  leave: { rule: "promotion" },
  left: [],
  work: [
    {
      recipe: { kind: "rpm", name: "greet", path: "greet.spec" },
      target: "debian-12",
      arch: "x86_64",
      tier: "required",
    },
  ],
});
const runWith = (state: "passed" | "failed" | "running"): Run => ({
  ...laid,
  stages: laid.stages.map((stage) => ({ ...stage, state })),
});

const asked: gate.AskedBack = {
  isNumbered: true,
  release,
  run: runWith("passed"),
  before: [
    { number: "20261121_02", state: "failed" },
    { number: "20261121_01", state: "published" },
  ],
};

test("a release that meets every rule is brought back, also after a rollback to another one", () => {
  expect(gate.rollbackGate(asked)).toEqual([]);
  const before = [{ number: "20261121_02", state: "published", of: "20261119_01" }] as const;
  expect(gate.rollbackGate({ ...asked, before })).toEqual([]);
});

test("channel: a channel that the config does not name, or that has no numbers, does not go back", () => {
  expect(gate.channel({ ...asked, isNumbered: false })).toEqual({ rule: "channel" });
});

test("known: a number that the channel has no release of is refused, also where it is only kept free", () => {
  expect(gate.rollbackGate({ isNumbered: true, before: asked.before })).toEqual([{ rule: "known" }]);
  expect(gate.known({ ...asked, run: undefined })).toEqual({ rule: "known" });
  expect(gate.known({ ...asked, release: { ...release, keptFor: "stable" } })).toEqual({ rule: "known" });
});

test("published: a release that did not come to the channel is refused", () => {
  expect(gate.published({ ...asked, run: runWith("failed") })).toEqual({ rule: "published" });
  expect(gate.published({ ...asked, run: runWith("running") })).toEqual({ rule: "published" });
});

test("other: what the channel shows now is refused, also where it was brought back", () => {
  const shows = (before: gate.AskedBack["before"][number]) => gate.other({ ...asked, before: [before] });
  expect(shows({ number: "20261120_01", state: "published" })).toEqual({
    rule: "other",
    now: "20261120_01",
  });
  expect(shows({ number: "20261121_02", state: "published", of: "20261120_01" })).toEqual({
    rule: "other",
    now: "20261121_02",
    of: "20261120_01",
  });
});

test("alone: while anything is on its way to the channel it does not go back", () => {
  const before = [{ number: "20261121_02", state: "under way" } as const, ...asked.before];
  expect(gate.alone({ ...asked, before })).toEqual({ rule: "alone", number: "20261121_02" });
});

test("the README lists every rule with the name of its test", () => {
  const readme = readFileSync(join(resolve(import.meta.dirname, "../../.."), "README.md"), "utf8");
  const own = readme.slice(readme.indexOf("rollback-gate.test.ts"));
  for (const rule of ["channel", "known", "published", "other", "alone"])
    expect(own).toContain(`| \`${rule}\` | `);
});
