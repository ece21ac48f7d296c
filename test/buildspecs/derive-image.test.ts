import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedManifest } from "../../src/pipelines/manifest/derived.ts";
import type { Job, Run } from "../../src/pipelines/run.ts";
import { readBuildspec } from "./run-buildspec.ts";

const run = promisify(execFile);
const scriptOf = async (name: string): Promise<string> =>
  (await readBuildspec(name)).phases["install"]?.commands[0] ?? "";

const TREE = "build/tree:os/leap/x86_64";
const told: Run = {
  id: "1/nightly/nightly/20261121_01",
  at: "2026-11-21T02:00:00.000Z",
  channel: "nightly",
  repo: { owner: "Acme", name: "OS" },
  trigger: { kind: "nightly", number: "20261121_01" },
  jobs: [{ build: TREE, tree: { ref: "acme/os", packages: [] } }],
} as unknown as Run;
const job = {
  build: "build/image:cloud/leap/x86_64/qcow2",
  recipe: { kind: "image", name: "cloud", path: "os/treefile.yaml#cloud" },
  from: "os",
  target: "leap",
  arch: "x86_64",
  type: "qcow2",
} as unknown as Job;
const packed = { commit: "c".repeat(64), from: "b".repeat(64), key: "k", url: "https://example.org/tree" };
const file = { name: "tree.ostree.tar.zst", size: 1, sha256: "a".repeat(64) };
const manifest = derivedManifest(told, job, {
  attempt: 1,
  maker: "deploy",
  tree: { ...packed, file },
  mirror: "https://mirror.example",
  upload: { url: "https://example.org/u", fields: { key: "results/${filename}" } },
});

test("the maker is told the commit by its digest, and the number that the image bears", () => {
  expect(manifest.split("\n")).toEqual([
    `job 1/nightly/nightly/20261121_01#${job.build}#1`,
    "tree https://example.org/tree",
    `sha256 ${file.sha256}`,
    `commit ${packed.commit}`,
    "ref acme/os",
    `from ${packed.from}`,
    "mirror https://mirror.example/acme/os/nightly/ostree",
    "remote OS-nightly",
    "maker deploy",
    "type qcow2",
    "name cloud",
    "version 20261121_01",
    "at 2026-11-21T02:00:00.000Z",
    "arch x86_64",
    "upload https://example.org/u",
    "field key results/${filename}",
    "",
  ]);
});

describe("what is not as it should be is refused before anything is made", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-derive-"));
    await run("bash", ["-c", await scriptOf("derive-image.yml")], { cwd: dir });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test.each([
    ["commit", "HEAD", "refused: HEAD is no commit"],
    ["from", "$(id)", "refused: $(id) is no commit"],
    ["ref", "../../etc", "refused: ../../etc is no name of a ref"],
    ["remote", "-o", "refused: -o is no name of a remote"],
    ["name", "a/b", "refused: a/b is no name for an image"],
    ["version", "1;id", "refused: 1;id is no version"],
    ["maker", "wizard", "infrastructure: nobody knows a maker called wizard"],
  ])("%s %s", async (word, value, said) => {
    const lines = manifest
      .split("\n")
      .map((line) => (line.startsWith(`${word} `) ? `${word} ${value}` : line));
    await writeFile(join(dir, "manifest"), lines.join("\n"));
    const script = ["--noprofile", "--norc", "derive-image.sh", "build"];
    const { stdout } = await run("bash", script, { cwd: dir }).catch((error: { stdout: string }) => error);
    expect(stdout.trim()).toBe(`millwright: ${said}`);
  });
});
