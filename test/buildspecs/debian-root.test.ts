import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "../../src/local/codebuild/sandbox.ts";
import { imageManifest } from "../../src/pipelines/manifest/image.ts";
import type { Job, Run } from "../../src/pipelines/run.ts";
import { isProgram } from "../local/distribution/cache.ts";
import { debianRepository, flatRepository, signingKey } from "./debian-repository.ts";
import { readBuildspec } from "./run-buildspec.ts";
import { standInStore, type StandInStore } from "./stand-in-store.ts";

const TOOLS = ["apt-get", "bwrap", "debootstrap", "dpkg-deb", "gpg", "gpgv", "kiwi-ng", "rsync"];
const missing = TOOLS.filter((tool) => !isProgram(tool));
const skipped =
  missing.length > 0
    ? `skipped, because ${missing.join(", ")} is not installed: `
    : process.getuid?.() !== 0 || process.arch !== "x64"
      ? "skipped, because it is made as root of an x86_64 machine only: "
      : "";

/** It asks for no signatures to be checked; they are all the same. */
const DESCRIPTION = `<?xml version="1.0" encoding="utf-8"?>
<image schemaversion="7.5" name="small">
  <description type="system">
    <author>Maria</author><contact>maria@example.org</contact><specification>A small Debian</specification>
  </description>
  <preferences>
    <version>1.0.0</version><packagemanager>apt</packagemanager>
    <rpm-check-signatures>false</rpm-check-signatures><rpm-excludedocs>true</rpm-excludedocs>
    <type image="tbz"/>
  </preferences>
  <repository type="apt-deb"><source path="obsrepositories:/"/></repository>
  <packages type="bootstrap"><package name="apt"/></packages>
  <packages type="image"><package name="hello-here"/></packages>
</image>
`;
const CONFIG = "#!/bin/bash\nset -e\ndpkg-query --show > /etc/packages\n";

describe.skipIf(skipped !== "")(`${skipped}a root of Debian packages`, { timeout: 600_000 }, () => {
  let dir: string;
  let store: StandInStore;
  let mounts: Readonly<Record<string, string>>;
  let sha256: string;
  let keys: readonly Awaited<ReturnType<typeof signingKey>>[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-debian-"));
    // The build is a user of its own.
    execFileSync("chmod", ["755", dir]);
    store = await standInStore();
    const [debian, flat] = [await debianRepository(dir), await flatRepository(dir)];
    mounts = { "/srv/debian": debian.path, "/srv/flat": flat.path };
    keys = [await signingKey(join(dir, "debian")), await signingKey(join(dir, "own"))];
    await keys[0]?.sign(debian.release, join(debian.path, "dists/bookworm/InRelease"));
    await keys[1]?.sign(flat.release, join(flat.path, "InRelease"));
    for (const [i, { armour }] of keys.entries()) store.objects.set(`/key-${i}`, [armour]);
    const description = join(dir, "bundle/description");
    await mkdir(description, { recursive: true });
    await writeFile(join(description, "config.xml"), DESCRIPTION);
    await writeFile(join(description, "config.sh"), CONFIG, { mode: 0o755 });
    const bundle = execFileSync("tar", ["-C", join(dir, "bundle"), "-c", "description"]);
    store.objects.set("/bundle", [bundle]);
    sha256 = createHash("sha256").update(bundle).digest("hex");
  }, 600_000);
  afterAll(async () => {
    store?.close();
    await Promise.all((keys ?? []).map(({ close }) => close()));
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  /** Runs the phases as root of a namespace, with these keys for Debian and for our own packages. */
  async function build(debian: number, own: number) {
    const keyOf = (i: number) => `${store.url}/key-${i}`;
    const manifest = imageManifest(
      { id: "1/push/main/a", at: "2026-01-01T00:00:00Z" } as Run,
      { build: "build/image:small", arch: "x86_64", type: "tbz" } as Job,
      {
        attempt: 1,
        bundle: {
          url: `${store.url}/bundle`,
          file: { name: "bundle.tar", size: 1, sha256: sha256 },
        },
        epoch: "1700000000",
        repositories: [
          { url: "dir:///srv/debian", key: keyOf(debian), type: "apt-deb", distribution: "bookworm" },
          { url: "dir:///srv/flat", key: keyOf(own), type: "apt-deb" },
        ],
        upload: { url: store.url, fields: { key: "results/${filename}" } },
      },
    );
    store.objects.set("/manifest", [manifest]);
    const work = await mkdtemp(join(dir, "work-"));
    execFileSync("chmod", ["755", work]);
    const sandbox = await openSandbox({
      root: { kind: "host", mounts },
      dir: work,
      shell: "bash",
      privileged: true,
      environment: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: "/root",
        MILLWRIGHT_MANIFEST: `${store.url}/manifest`,
        CODEBUILD_BUILD_SUCCEEDING: "1",
      },
    });
    const { phases } = await readBuildspec("build-image.yml");
    let log = "";
    let status = 0;
    for (const command of Object.values(phases).flatMap(({ commands }) => commands)) {
      if (status !== 0) break;
      status = await sandbox.run({ command, succeeding: true, onText: (text) => (log += text) });
    }
    sandbox.kill();
    await sandbox.gone;
    return { status, log };
  }

  test("is made of those that the target's keys signed, Debian's and our own", async () => {
    const { status, log } = await build(0, 1);
    expect(status === 0 ? "" : log).toBe("");
    const archive = store.uploads.find(({ name }) => name === "small.x86_64-1.0.0.tar.xz");
    expect(store.uploads.map(({ name }) => name)).toEqual([
      "kiwi.result.json",
      "small.x86_64-1.0.0.changes.xz",
      "small.x86_64-1.0.0.packages",
      "small.x86_64-1.0.0.tar.xz",
      "small.x86_64-1.0.0.verified",
      "SHA256SUMS",
    ]);
    const file = join(dir, "root.tar.xz");
    await writeFile(file, archive?.content ?? "");
    const told = execFileSync("tar", ["--numeric-owner", "-tvf", file], { encoding: "utf8" });
    expect(told).toMatch(/^-rwxr-xr-x 0\/0 +\d+ \S+ \S+ (\.\/)?usr\/bin\/dpkg$/m);
    expect(told).not.toMatch(/archives\/.*\.deb$/m);
    const packages = execFileSync("tar", ["-xOf", file, "etc/packages"], { encoding: "utf8" });
    expect(packages).toMatch(/^hello-here\t1:2-3$/m);
    const list = store.uploads.find(({ name }) => name.endsWith(".packages"))?.content.toString();
    expect(list?.split("\n").filter((line) => line.startsWith("bash|"))).toHaveLength(1);
  });

  test("is not made where somebody else signed our own, which are added inside of it", async () => {
    const { status, log } = await build(0, 0);
    expect(status).not.toBe(0);
    expect(log).toContain("The repository 'file:/srv/flat ./ InRelease' is not signed.");
  });

  test("is not begun where somebody else signed Debian, whatever the description asks for", async () => {
    const { status, log } = await build(1, 1);
    expect(status).not.toBe(0);
    expect(log).toContain("Release signed by unknown key");
  });
});
