import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageManifest } from "../../src/pipelines/manifest/image.ts";
import type { Repository } from "../../src/pipelines/kiwi/repository.ts";
import type { Job, Run } from "../../src/pipelines/run.ts";
import { readBuildspec } from "./run-buildspec.ts";

const run = promisify(execFile);

const RPM = [
  { url: "https://example.org/{arch}/os", key: "https://example.org/key" },
  { url: "dir:///srv/more", key: "file:///srv/more.key" },
];

/** Tells its arguments, and does nothing. */
const STAND_IN = '#!/bin/bash\nprintf "%s\\n" "kiwi:" "$@"\n';

describe("what kiwi is asked for", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-kiwi-"));
    await mkdir(join(dir, "stand-in"));
    await writeFile(join(dir, "stand-in/kiwi-ng"), STAND_IN, { mode: 0o755 });
    const { phases } = await readBuildspec("build-image.yml");
    await run("bash", ["-c", phases["install"]?.commands[0] ?? ""], { cwd: dir });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  /** The lines that a build with this job prints, or the end of what it says when it refuses. */
  async function asked(
    job: Partial<Job>,
    repositories: readonly Repository[] = RPM,
  ): Promise<readonly string[]> {
    const manifest = imageManifest(
      { id: "1/push/main/a", at: "2026-01-01T00:00:00Z" } as Run,
      { build: "build/image:os", arch: "x86_64", ...job } as Job,
      {
        attempt: 1,
        bundle: { url: "https://example.org/b", file: { name: "bundle.tar", size: 1, sha256: "a" } },
        epoch: "1700000000",
        repositories,
        upload: { url: "https://example.org/u", fields: { key: "results/${filename}" } },
      },
    );
    await writeFile(join(dir, "manifest"), manifest);
    const env = { PATH: `${join(dir, "stand-in")}:/usr/bin:/bin`, HOME: join(dir, "home") };
    const script = ["--noprofile", "--norc", "build-image.sh", "build"];
    const { stdout } = await run("bash", script, { cwd: dir, env }).catch(
      (error: { stdout: string }) => error,
    );
    return stdout.trim().split("\n");
  }

  const BUILD = ["system", "build", "--description", "description", "--target-dir"];

  test.each([
    ["a disk for EFI", { profile: "Default", type: "oem" }, ["--type", "oem", "--profile", "Default"]],
    ["a live system without profiles", { type: "iso" }, ["--type", "iso"]],
    [
      "a disk of a mainframe",
      { profile: "DASD", type: "oem", arch: "s390x" },
      ["--type", "oem", "--profile", "DASD", "--target-arch", "s390x"],
    ],
  ] as const)("%s, of the target's repositories alone and with their signatures", async (_, job, global) => {
    const arch = "arch" in job ? job.arch : "x86_64";
    const lines = await asked(job);
    expect(lines.slice(0, lines.indexOf("kiwi:", 1))).toEqual([
      "kiwi:",
      "--config",
      join(dir, "kiwi.yml"),
      "--temp-dir",
      join(dir, "tmp"),
      ...global,
      ...BUILD,
      join(dir, "made"),
      "--ignore-repos",
      `--add-repo=https://example.org/${arch}/os,rpm-md,target-1,,false,true,{https://example.org/key},,,true`,
      "--add-repo=dir:///srv/more,rpm-md,target-2,,false,true,{file:///srv/more.key},,,true",
    ]);
    const dnf = await readFile(join(dir, "bin/dnf"), "utf8");
    expect(dnf).toContain('--setopt="*.gpgkey=${keys[*]}"');
    expect(dnf).toContain("https://example.org/key\nfile:///srv/more.key\n");
  });

  test("a root of Debian packages, which begins with the distribution that is named first", async () => {
    const lines = await asked({ type: "tbz" }, [
      {
        url: "https://example.org/debian",
        key: "https://example.org/{arch}.key",
        type: "apt-deb",
        distribution: "bookworm",
        components: ["main", "contrib"],
      },
      {
        url: "dir:///srv/security",
        key: "file:///srv/security.key",
        type: "apt-deb",
        distribution: "bookworm-security",
      },
      { url: "https://example.org/flat/", key: "https://example.org/flat.key", type: "apt-deb" },
    ]);
    const flat = `https://example.org/flat/,apt-deb,target-3,,false,true,{file://${dir}/keys/3},main,,true`;
    const security =
      "dir:///srv/security,apt-deb,target-2,,false,true,{file:///srv/security.key},main,bookworm-security,true";
    const first = `https://example.org/debian,apt-deb,target-1,,false,true,{file://${dir}/keys/1},main contrib,bookworm,true`;
    expect(lines.slice(lines.indexOf("--ignore-repos"), lines.indexOf("kiwi:", 1))).toEqual([
      "--ignore-repos",
      ...[flat, security, first].map((option) => `--add-repo=${option}`),
    ]);
  });

  test("nothing where the description makes nothing, or calls something like an option", async () => {
    expect(await asked({})).toEqual([
      "millwright: refused: what the profiles of this description require is not there on this arch",
    ]);
    expect(await asked({ type: "oem", profile: "--debug" })).toEqual([
      "millwright: refused: a profile or a type is called like an option",
    ]);
    expect(await asked({ type: "oem;id" })).toHaveLength(1);
  });
});
