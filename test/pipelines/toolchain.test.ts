import { describe, expect, test } from "vitest";
import { inputsKey } from "../../src/pipelines/inputs.ts";
import { buildManifest } from "../../src/pipelines/manifest/manifest.ts";
import { plan } from "../../src/pipelines/plan.ts";
import { lockOf } from "../../src/pipelines/release/lock.ts";
import { provenances } from "../../src/pipelines/release/provenance.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { newestTool, rangeOf, type Toolchains } from "../../src/pipelines/toolchain.ts";

const added = (name: string) => [
  { url: `https://tools.example/${name}.rpm`, sha256: name.at(-1)?.repeat(64) ?? "" },
];
const toolchains: Toolchains = {
  go: [
    { version: "1.9", packages: { x86_64: added("go1.9") } },
    { version: "1.22.5", packages: { x86_64: added("go1.22.5"), aarch64: added("go1.22.5") } },
    { version: "1.23.0", packages: { x86_64: added("go1.23.0") } },
  ],
};
const x86 = (range: string) => newestTool(toolchains, { name: "go", range, arch: "x86_64" })?.version;

describe("the newest toolchain in a range", () => {
  test.each([
    [">=1.22", "1.23.0"],
    [">=1.22 <1.23", "1.22.5"],
    [">1.22.5", "1.23.0"],
    [">1.23.0", undefined],
    ["<=1.22.5", "1.22.5"],
    ["<1.22", "1.9"],
    ["=1.22", undefined],
    ["=1.22.5", "1.22.5"],
    ["1.22", "1.22.5"],
    ["1.2", undefined],
    ["1.23.0", "1.23.0"],
    [">=1.10", "1.23.0"],
  ])("%s is %s, as rpm compares versions", (range, version) => {
    expect(x86(range)).toBe(version);
  });

  test("is one that is there for the arch", () => {
    const arm = { name: "go", range: ">=1.22", arch: "aarch64" } as const;
    expect(newestTool(toolchains, arm)?.version).toBe("1.22.5");
    expect(newestTool(toolchains, { ...arm, arch: "s390x" })).toBeUndefined();
    expect(newestTool(toolchains, { ...arm, name: "constructor" })).toBeUndefined();
  });

  test.each(["", " ", ">=", "=>1", "latest!", "1.22 ||", ">= 1.22"])("%j is no range", (text) => {
    expect(rangeOf(text)).toBeUndefined();
  });
});

describe("a job's toolchain", () => {
  const tools = [{ name: "go", version: "1.22.5", packages: added("go1.22.5") }];
  const run = (more: object = {}): Run => {
    const made = plan({
      repo: { id: 1, node: "R", owner: "acme", name: "os", installation: 2, private: false },
      trigger: { kind: "nightly", channel: "nightly", branch: "main", sha: "c0ffee", number: "20261121_01" },
      zone: "trusted",
      channel: "nightly",
      at: "2026-11-21T10:00:00.000Z",
      leave: { rule: "nightly" },
      left: [],
      work: [
        {
          recipe: { kind: "rpm", name: "greet", path: "greet.spec" },
          target: "debian-12",
          arch: "x86_64",
          tier: "required",
          ...more,
        },
      ],
    });
    const stages = made.stages.map((stage) => ({ ...stage, state: "passed", files: [] }) as const);
    return { ...made, stages };
  };
  const jobOf = ({ jobs: [job] }: Run) => {
    if (!job) throw new Error("no job");
    return job;
  };

  test("is in its order, its lock and its provenance, by digest", () => {
    const [made, sha256] = [run({ tools }), "5".repeat(64)];
    const order = buildManifest(made, jobOf(made), {
      attempt: 1,
      bundle: { url: "https://s3.example/b", file: { name: "bundle.tar", size: 1, sha256: "b" } },
      epoch: "0",
      mirror: "https://mirror.example",
      upload: { url: "https://s3.example/", fields: {} },
    });
    expect(order).toContain(`\ntool ${sha256} https://tools.example/go1.22.5.rpm\n`);
    expect(lockOf(made)?.jobs[0]?.tools).toEqual(tools);
    const place = { builder: "https://builder.example", web: "https://github.com" };
    const [told] = Object.values(provenances(made, place));
    expect(told?.buildDefinition.resolvedDependencies).toContainEqual({
      name: "toolchain go 1.22.5",
      uri: "https://tools.example/go1.22.5.rpm",
      digest: { sha256 },
    });
  });

  test("is part of what its build is made from", () => {
    const other = [{ name: "go", version: "1.22.5", packages: added("go1.22.6") }];
    const layers = [{ channel: "devel", snapshot: 1, repomd: "d".repeat(64) }];
    const keys = [run(), run({ tools }), run({ tools: other }), run({ layers })].map((one) =>
      inputsKey(one, jobOf(one), { bundle: "b", image: "i" }),
    );
    expect(new Set(keys).size).toBe(4);
  });
});
