import { expect, test } from "vitest";
import { treeViolations } from "../../../src/publish/ostree/tree-gate.ts";
import { list, text, variantOf } from "../../../src/pipelines/ostree/gvariant.ts";
import type { Commit } from "../../../src/publish/ostree/local-repository.ts";

const base = { sum: "b".repeat(64), at: new Date("2026-03-01T00:00:00Z") };
const commitOf = (changes: Partial<Commit> = {}, refs = ["a/b"], version = "20260302_01"): Commit => ({
  sum: "c".repeat(64),
  bytes: Buffer.alloc(0),
  metadata: new Map([
    ["ostree.ref-binding", variantOf("as", list(text), refs)],
    ["version", variantOf("s", text, version)],
  ]),
  parent: base.sum,
  at: new Date("2026-03-02T00:00:00Z"),
  tree: "d".repeat(64),
  rights: "e".repeat(64),
  ...changes,
});
const violations = (commit: Commit, changes = {}) =>
  treeViolations(commit, { ref: "a/b", version: "20260302_01", base, ...changes });

test("a commit on the published one, bound to its ref and under its number, may be published", () => {
  expect(violations(commitOf())).toEqual([]);
  expect(violations(commitOf({}, ["a/b", "a/b"]))).toEqual([]);
  expect(violations(commitOf({}, ["a/b"], "anything"), { version: undefined })).toEqual([]);
  expect(violations(commitOf({ parent: undefined }), { base: undefined })).toEqual([]);
});

test("a commit that is bound to another ref, to more, or to none is refused", () => {
  const sentence = "The tree is not bound to a/b.";
  expect(violations(commitOf({}, ["a/c"]))).toEqual([sentence]);
  expect(violations(commitOf({}, ["a/b", "a/c"]))).toEqual([sentence]);
  expect(violations(commitOf({ metadata: new Map() }), { version: undefined })).toEqual([sentence]);
});

test("a commit under another number is refused", () => {
  expect(violations(commitOf({}, ["a/b"], "20260302_02"))).toEqual([
    "The tree of a/b says that it is 20260302_02 and not 20260302_01.",
  ]);
});

test("a commit on something else than what is published is refused", () => {
  const parent = "f".repeat(64);
  expect(violations(commitOf({ parent }))).toEqual([
    `The tree of a/b was composed on ${parent}, but ${base.sum} is published: compose it again.`,
  ]);
  expect(violations(commitOf({ parent: undefined }))[0]).toContain("was composed on nothing");
  expect(violations(commitOf(), { base: undefined })[0]).toContain("but nothing is published");
});

test("a commit that is older than the published one is refused", () => {
  expect(violations(commitOf({ at: new Date("2026-02-28T00:00:00Z") }))).toEqual([
    "The tree of a/b is older than the one that is published.",
  ]);
});
