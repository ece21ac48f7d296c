import { expect, test } from "vitest";
import { Provenance, provenances } from "../../../src/pipelines/release/provenance.ts";
import type { Run, Trigger } from "../../../src/pipelines/run.ts";
import type { Stage } from "../../../src/pipelines/stage.ts";
import { laid } from "../laid.ts";

const SHA = "a".repeat(40);
const repo = { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false };
const place = { builder: "https://millwright.example/builders", web: "https://github.example" };
const IMAGE = `registry.example/roots/debian@sha256:${"d".repeat(64)}`;

/** A run whose stages have all passed, each as these changes say. */
function passed(trigger: Trigger, changes: Readonly<Record<string, Partial<Stage>>> = {}): Run {
  const run = laid({
    repo,
    trigger,
    zone: "trusted",
    channel: "nightly",
    at: "2026-11-21T02:00:00.000Z",
    recipes: [{ kind: "rpm", name: "greet", path: "greet/greet.spec" }],
    targets: { "debian-12": { x86_64: "required" } },
  });
  return {
    ...run,
    stages: run.stages.map((stage) => ({ ...stage, state: "passed", ...changes[stage.name] })),
  };
}

const nightly: Trigger = {
  kind: "nightly",
  channel: "nightly",
  branch: "main",
  sha: SHA,
  number: "20261121_01",
};
const JOB = "rpm:greet:debian-12-x86_64";
const SOURCE = "source/greet";
const BUILD = "build/greet/debian-12/x86_64";

const built: Readonly<Record<string, Partial<Stage>>> = {
  [SOURCE]: {
    files: [{ name: "bundle.tar", size: 1, sha256: "b".repeat(64) }],
    sources: [
      { file: "greet-1.tar.gz", url: "https://example.org/greet-1.tar.gz", sha256: "c".repeat(64) },
      { file: "greet.patch", sha256: "e".repeat(64) },
    ],
  },
  [BUILD]: {
    build: "millwright-build:1",
    image: IMAGE,
    startedAt: "2026-11-21T02:05:00.000Z",
    endedAt: "2026-11-21T02:09:00.000Z",
    facts: { "taken from": "somebody else" },
  },
};

test("the provenance of a package says what was asked for, what it was made of, where, by whom and when", () => {
  const run = passed(nightly, built);
  const found = provenances(run, place);
  const { pool = "", attempt } = run.stages.find(({ name }) => name === BUILD) ?? {};
  expect(found).toEqual({
    [JOB]: {
      buildDefinition: {
        buildType: "urn:millwright:build:rpm:v1",
        externalParameters: {
          repository: "https://github.example/acme/os",
          ref: "refs/heads/main",
          sha: SHA,
          recipe: "greet/greet.spec",
          target: "debian-12",
          arch: "x86_64",
        },
        internalParameters: {
          trigger: "nightly",
          zone: "trusted",
          run: run.id,
          channel: "nightly",
          number: "20261121_01",
        },
        resolvedDependencies: [
          { uri: "git+https://github.example/acme/os@refs/heads/main", digest: { gitCommit: SHA } },
          { name: "sources", digest: { sha256: "b".repeat(64) } },
          {
            name: "greet-1.tar.gz",
            uri: "https://example.org/greet-1.tar.gz",
            digest: { sha256: "c".repeat(64) },
          },
          { name: "build root", uri: IMAGE, digest: { sha256: "d".repeat(64) } },
        ],
      },
      runDetails: {
        builder: { id: `https://millwright.example/builders/${pool}` },
        metadata: {
          invocationId: `${run.id}#${BUILD}#${attempt}#millwright-build:1`,
          startedOn: "2026-11-21T02:05:00.000Z",
          finishedOn: "2026-11-21T02:09:00.000Z",
        },
      },
    },
  });
  expect(Provenance.parse(found[JOB])).toEqual(found[JOB]);
});

test("what was taken from an equal build names that one, and no time of its own", () => {
  const prefix = "results/1/push/main/abc/build/greet/debian-12/x86_64/2/";
  const run = passed(nightly, { [BUILD]: { ...built[BUILD], prefix } });
  expect(provenances(run, place)[JOB]?.runDetails.metadata).toEqual({ invocationId: prefix });
});

test.each([
  [{ kind: "push", branch: "main", sha: SHA }, "refs/heads/main"],
  [{ kind: "pull", number: 7, branch: "x", base: "b", sha: SHA }, "refs/pull/7/head"],
  [{ ...nightly, kind: "promotion", from: "nightly", tag: "v1" }, "refs/tags/v1"],
  [{ ...nightly, kind: "promotion", from: "nightly" }, "refs/heads/main"],
] as readonly (readonly [Trigger, string])[])("a run of %j is of %s", (trigger, ref) => {
  const { externalParameters } = provenances(passed(trigger), place)[JOB]?.buildDefinition ?? {};
  expect(externalParameters).toMatchObject({ ref, sha: SHA });
});

test("of a build that did not pass nothing is said", () => {
  expect(provenances(passed(nightly, { [BUILD]: { state: "failed" } }), place)).toEqual({});
});
