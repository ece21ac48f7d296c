import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as gate from "../../../src/pipelines/release/promotion-gate.ts";
import type { Release } from "../../../src/pipelines/release/release.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import { at, nightly as laid, NUMBER, repo, SHA } from "./a-nightly.ts";

/** What can be said of a release that is known. */
const ALL = [
  "built",
  "free",
  "passed",
  "published",
  "same-commit",
  "protected",
  "reachable",
  "newer",
  "supported",
  "key",
  "alone",
];

const release: Release = {
  v: 1,
  number: NUMBER,
  channel: "nightly",
  repo,
  asked: "night 2026-11-21",
  at,
  branch: "main",
  inputs: { sha: SHA, jobs: [] },
};

/** The nightly's run with all passed, but for these stages. */
const runWith = (others: Readonly<Record<string, "failed" | "running">> = {}): Run => ({
  ...laid,
  stages: laid.stages.map((stage) => ({ ...stage, state: others[stage.name] ?? "passed" })),
});

const asked: gate.Asked = {
  channel: "release",
  from: "nightly",
  number: release.number,
  at: "2026-11-22T10:00:00.000Z",
  tagged: SHA,
  supportUntil: "2026-11-22",
  release,
  run: runWith(),
  branch: { isProtected: true, reaches: true },
  before: [
    { number: "20261120_02", state: "failed" },
    { number: "20261120_01", state: "published" },
  ],
};

test("a release that meets every rule is let pass, by a tag and without one", () => {
  expect(gate.promotionGate(asked)).toEqual([]);
  expect(gate.promotionGate({ ...asked, tagged: undefined, supportUntil: undefined, before: [] })).toEqual(
    [],
  );
});

test("known: a number that no release has, or whose run has no record, is refused", () => {
  const { release: _, run: __, branch: ___, ...unknown } = asked;
  expect(gate.promotionGate(unknown)).toEqual([{ rule: "known" }]);
  expect(gate.known({ ...asked, run: undefined })).toEqual({ rule: "known" });
});

test("built: a release that brought an older one back is refused: nothing was built of it", () => {
  const back = { ...release, of: "20261120_01" };
  expect(gate.built({ ...asked, release: back })).toEqual({ rule: "built", of: "20261120_01" });
});

test("free: a number that a rollback of the channel has is refused", () => {
  const there = { ...release, channel: "release" };
  expect(gate.free({ ...asked, there })).toEqual({ rule: "free" });
  expect(gate.free({ ...asked, there: { ...there, keptFor: "stable" } })).toEqual({ rule: "free" });
  expect(gate.free({ ...asked, there: { ...there, from: "nightly" } })).toBeUndefined();
});

describe("passed: a release is refused", () => {
  test.each(["source/greet", "build/greet/debian-12/x86_64"])("while %s has not passed", (name) => {
    const jobs = ["rpm:greet:debian-12-x86_64"];
    expect(gate.passed({ ...asked, run: runWith({ [name]: "failed" }) })).toEqual({ rule: "passed", jobs });
    expect(gate.passed({ ...asked, run: runWith({ [name]: "running" }) })).toEqual({ rule: "passed", jobs });
  });

  test("but not for what is advisory", () => {
    const run = runWith({ "build/greet/debian-12/aarch64": "failed" });
    expect(gate.promotionGate({ ...asked, run })).toEqual([]);
  });
});

test("published: a release that did not come to its own channel is refused, also while it is on its way", () => {
  expect(gate.published({ ...asked, run: runWith({ "publish/nightly": "failed" }) })).toEqual({
    rule: "published",
  });
  expect(gate.published({ ...asked, run: runWith({ "publish/nightly": "running" }) })).toEqual({
    rule: "published",
  });
  // The backfill brings what is advisory.
  expect(gate.published({ ...asked, run: runWith({ "backfill/nightly": "running" }) })).toBeUndefined();
});

test("same-commit: a tag on another commit than the release's is refused", () => {
  const tagged = "b".repeat(40);
  expect(gate.sameCommit({ ...asked, tagged })).toEqual({ rule: "same-commit", sha: SHA, tagged });
});

test("protected: a release of a branch that is not protected any more, or is gone, is refused", () => {
  const refusal = { rule: "protected", branch: "main" };
  expect(gate.isProtected({ ...asked, branch: { isProtected: false, reaches: true } })).toEqual(refusal);
  expect(gate.isProtected({ ...asked, branch: undefined })).toEqual(refusal);
});

test("reachable: a release whose commit was pushed away from its branch is refused", () => {
  expect(gate.reachable({ ...asked, branch: { isProtected: true, reaches: false } })).toEqual({
    rule: "reachable",
    branch: "main",
    sha: SHA,
  });
});

test("newer: a release that is older than the newest that was published is refused, whatever failed since; rollbacks count", () => {
  const before = [
    { number: "20261122_02", state: "failed" },
    { number: "20261122_01", state: "published" },
  ] as const;
  expect(gate.newer({ ...asked, before })).toEqual({ rule: "newer", last: "20261122_01" });
  expect(gate.newer({ ...asked, before: before.slice(0, 1) })).toBeUndefined();
  const back = [{ number: "20261122_03", state: "published", of: "20261119_01" }] as const;
  expect(gate.newer({ ...asked, before: back })).toEqual({ rule: "newer", last: "20261122_03" });
});

test("supported: on the last day of support a release is let pass, and on the next refused", () => {
  expect(gate.supported({ ...asked, at: "2026-11-22T23:59:59.999Z" })).toBeUndefined();
  expect(gate.supported({ ...asked, at: "2026-11-23T00:00:00.000Z" })).toEqual({
    rule: "supported",
    until: "2026-11-22",
  });
});

describe("key: a release is refused whose key ends", () => {
  test("before its support", () => {
    const refusal = { rule: "key", until: "2026-11-21" };
    expect(gate.key({ ...asked, key: { expires: "2026-11-21" } })).toEqual(refusal);
    expect(gate.key({ ...asked, key: { expires: "2026-11-22" } })).toBeUndefined();
  });

  test("within 180 days, where nobody says how long it is supported", () => {
    const unsaid = { ...asked, supportUntil: undefined };
    const refusal = { rule: "key", until: "2027-05-20" };
    expect(gate.key({ ...unsaid, key: { expires: "2027-05-20" } })).toEqual(refusal);
    expect(gate.key({ ...unsaid, key: { expires: "2027-05-22" } })).toBeUndefined();
    expect(gate.key({ ...unsaid, key: {} })).toBeUndefined();
  });
});

test("alone: while another release is on its way to the channel this one is refused", () => {
  const before = [{ number: "20261120_02", state: "under way" }] as const;
  expect(gate.alone({ ...asked, before })).toEqual({ rule: "alone", number: "20261120_02" });
  expect(gate.alone({ ...asked, before: [{ number: asked.number, state: "under way" }] })).toBeUndefined();
});

test("the README lists every rule with the name of its test", () => {
  const house = resolve(import.meta.dirname, "../../..");
  const readme = readFileSync(join(house, "README.md"), "utf8");
  const rules = ["known", ...ALL];
  for (const rule of rules) expect(readme).toContain(`| \`${rule}\` | `);
});

test("every rule that says no is told", () => {
  const refusals = gate.promotionGate({
    ...asked,
    tagged: "b".repeat(40),
    release: { ...release, of: "20261120_01" },
    there: { ...release, of: "20261120_01" },
    run: runWith({ "build/greet/debian-12/x86_64": "failed", "publish/nightly": "failed" }),
    branch: undefined,
    at: "2026-11-23T00:00:00.000Z",
    key: { expires: "2026-11-21" },
    before: [
      { number: "20261122_02", state: "under way" },
      { number: "20261122_01", state: "published" },
    ],
  });
  expect(refusals.map(({ rule }) => rule)).toEqual(ALL);
});
