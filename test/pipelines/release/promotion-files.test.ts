import { expect, test } from "vitest";
import { passedJobs, planContent } from "../../../src/pipelines/plan-content.ts";
import {
  type AskedFiles,
  builtByUs,
  digests,
  names,
} from "../../../src/pipelines/release/promotion-files.ts";
import { offers } from "../../../src/pipelines/manifest/publish.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import { at, nightly as laid, NUMBER, repo, SHA } from "./a-nightly.ts";

const sha256 = "1".repeat(64);
const X86 = "build/greet/debian-12/x86_64";
const JOB = "rpm:greet:debian-12-x86_64";
const of = { channel: "nightly", branch: "main", sha: SHA, number: NUMBER };
const file = (name: string) => ({ name, size: 3, sha256 });
const files = [
  "greet-1.0-1.20261121_01.gaaaaaaa.src.rpm",
  "greet-1.0-1.20261121_01.gaaaaaaa.x86_64.rpm",
  "greet-devel-1.0-1.20261121_01.gaaaaaaa.x86_64.rpm",
  "contents.tsv",
].map(file);

/** The nightly with all passed but its advisory arch. */
const run: Run = {
  ...laid,
  stages: laid.stages.map((stage) => ({
    ...stage,
    state: stage.name.endsWith("aarch64") ? "failed" : "passed",
    prefix: `results/1/${stage.name}/1/`,
    files: stage.name === X86 ? files : [],
  })),
};
const stored = new Map(files.map(({ name, size }) => [`results/1/${X86}/1/${name}`, size]));
const asked: AskedFiles = { run, way: "content", stored, packages: ["greet"] };
const rules = [builtByUs, names, digests];

test("what was built by us, under these names, and lies there as it was recorded is let pass", () => {
  expect(rules.flatMap((rule) => rule(asked) ?? [])).toEqual([]);
  expect(rules.flatMap((rule) => rule({ run }) ?? [])).toEqual([]);
});

test("built-by-us: a release of which something was built elsewhere than in our trusted pools is refused", () => {
  const refusal = { rule: "built-by-us", jobs: [JOB] };
  expect(builtByUs({ run: { ...run, zone: "untrusted" } })).toEqual(refusal);
  const stages = run.stages.map((stage) =>
    stage.name === X86 ? { ...stage, pool: "build-untrusted-x86_64" } : stage,
  );
  expect(builtByUs({ run: { ...run, stages } })).toEqual(refusal);
});

test("names: packages that the channel does not take are refused by name, sources too", () => {
  expect(names({ run, packages: ["greet-", "farewell"] })).toEqual({
    rule: "names",
    names: ["greet"],
    allowed: ["greet-", "farewell"],
  });
  expect(names({ run, packages: [] })).toMatchObject({ names: ["greet", "greet-devel"] });
});

test("digests: by content, a package that is gone, of another size or of no digest is refused", () => {
  const [source = "", binary = ""] = files.map(({ name }) => name);
  const without = new Map(stored);
  without.delete(`results/1/${X86}/1/${binary}`);
  expect(digests({ ...asked, stored: without })).toEqual({ rule: "digests", files: [binary] });
  const grown = new Map(stored).set(`results/1/${X86}/1/${source}`, 4);
  expect(digests({ ...asked, stored: grown })).toEqual({ rule: "digests", files: [source] });
  const nameless = files.map((one) => ({ ...one, sha256: "" }));
  const stages = run.stages.map((stage) => ({ ...stage, files: stage.files?.length ? nameless : [] }));
  expect(digests({ ...asked, run: { ...run, stages } })).toMatchObject({ files: { length: 3 } });
  expect(digests({ ...asked, way: undefined, stored: undefined })).toBeUndefined();
});

test("by content nothing is left to build, and what is published is what was tested, by its digests", () => {
  const promoted = planContent(
    {
      repo,
      trigger: { kind: "promotion", ...of, channel: "release", from: "nightly", way: "content" },
      zone: "trusted",
      channel: "release",
      at,
      leave: { rule: "promotion" },
      left: [],
      work: passedJobs(run),
    },
    run,
  );
  expect(promoted.jobs.map(({ name }) => name)).toEqual([JOB]);
  expect(promoted.stages.map(({ name, state }) => [name, state])).toEqual([
    ["source/greet", "passed"],
    [X86, "passed"],
    ["publish/release", "ready"],
  ]);
  const publish = promoted.stages.find(({ kind }) => kind === "publish");
  const offered = publish && offers(promoted, publish).map(({ key, file }) => [key, file.sha256]);
  expect(offered).toEqual([...stored.keys()].slice(0, 3).map((key) => [key, sha256]));
  expect(promoted.stages[1]?.facts).toEqual({ "taken from": `${run.id}#${X86}#1` });
});
