import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildRoot } from "../../src/local/distribution/build-root.ts";
import { CACHE, whyNoRoot } from "../local/distribution/cache.ts";
import { bundleDir, EPOCH, SMALL } from "./bundle-dir.ts";
import { inRoot, runBuildspec } from "./run-buildspec.ts";
import { standInStore, type StandInStore } from "./stand-in-store.ts";

const skipped = whyNoRoot("curl");

/** A newer `patch` than the distribution's, by which a build can tell them apart. */
const PATCH = `Name: patch
Version: 99
Release: 1
Summary: Another patch
License: FSFAP
BuildArch: noarch
%description
Another patch.
%install
install -d %{buildroot}%{_bindir}
printf '#!/bin/sh\\necho patch of ours\\n' > %{buildroot}%{_bindir}/patch
chmod 755 %{buildroot}%{_bindir}/patch
%files
%{_bindir}/patch
`;

const NEEDS = `${SMALL("BuildRequires: patch >= 99")}\n%prep\npatch --version\n`;

describe.skipIf(skipped)(`${skipped ?? ""}what a build root gets besides`, { timeout: 60_000 }, () => {
  let root: string;
  let tool: Buffer;
  let dir: string;
  let store: StandInStore;

  beforeAll(async () => {
    root = (await buildRoot({ arch: "x86_64", dir: CACHE, log: () => undefined })).path;
    tool = await built(root, PATCH);
  }, 600_000);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "build-tools-"));
    store = await standInStore();
    return async () => {
      store.close();
      await rm(dir, { recursive: true });
    };
  });

  /** Builds a spec with these lines more in its manifest. */
  async function build(spec: string, more: readonly (readonly [string, string])[]) {
    const place = await mkdtemp(join(dir, "run-"));
    const [work, changes] = [join(place, "work"), join(place, "changes")];
    await mkdir(work);
    await bundleDir(join(place, "bundle"), { spec, name: "small.spec" });
    const bundle = execFileSync("tar", ["-C", join(place, "bundle"), "-cf", "-", "SPECS", "SOURCES"]);
    store.objects.set("/bundle.tar", [bundle]);
    const lines = [
      ["job", "1/pull/7/abc#build#1"],
      ["bundle", `${store.url}/bundle.tar`],
      ["sha256", sha256(bundle)],
      ["spec", "small.spec"],
      ["suffix", "-"],
      ["epoch", EPOCH],
      ["arch", "x86_64"],
      ...more,
      ["upload", `${store.url}/store`],
    ];
    store.objects.set("/manifest", [lines.map((line) => `${line.join(" ")}\n`).join("")]);
    return runBuildspec({ root, work, changes, manifest: `${store.url}/manifest` });
  }

  const offered = (digest = sha256(tool)) => {
    store.objects.set("/patch-99.rpm", [tool]);
    return [["tool", `${digest} ${store.url}/patch-99.rpm`]] as const;
  };
  const left = (name: string): string =>
    store.uploads.findLast((one) => one.name === name)?.content.toString() ?? "";

  test("goes ahead of what the distribution has, and is listed among the root's packages", async () => {
    const { status, log } = await build(NEEDS, offered());
    expect(log).toContain("tools:\n  patch-99-1.noarch\n");
    expect(log).toContain("patch of ours");
    expect(status).toBe(0);
    expect(left("build-root.tsv")).toMatch(/^package\tpatch-0:99-1\.noarch\t[0-9a-f]{64}$/m);
    expect(left("build-root.tsv").match(/^package\tpatch-/gm)).toHaveLength(1);
  });

  test("is in no other build's root", async () => {
    await build(NEEDS, offered());
    const { status, log } = await build(NEEDS, []);
    expect(log).toContain("patch >= 99 is needed by small");
    expect(status).toBe(11);
  });

  test("of a layer is there only if its channel signed it", async () => {
    const place = join(dir, "layer");
    await mkdir(place);
    await writeFile(join(place, "patch-99.rpm"), tool);
    execFileSync("createrepo_c", ["--quiet", "--general-compress-type=gz", place]);
    const offerAll = async () => {
      for (const file of await readdir(place, { recursive: true }))
        if (file.includes(".")) store.objects.set(`/layer/${file}`, [await readFile(join(place, file))]);
      store.objects.set("/layer/repodata/repomd.xml.key", [await readFile(join(CACHE, "key/public.asc"))]);
      return sha256(await readFile(join(place, "repodata/repomd.xml")));
    };
    const layer = `${await offerAll()} ${store.url}/layer/`;
    const { status, log } = await build(NEEDS, [["layer", layer]]);
    expect(log).toContain("from layers:\n  patch-99-1.noarch\n");
    expect(log).toMatch(/^millwright: infrastructure: a package of a layer is not signed by its channel$/m);
    expect(status).toBe(75);
    const other = await build(NEEDS, [["layer", layer.replace(/^./, (c) => (c === "0" ? "1" : "0"))]]);
    expect(other.log).toMatch(/^millwright: infrastructure: \S+repomd\.xml is not what was promised$/m);
  });

  test("that is another file than was promised is trouble of ours", async () => {
    const { status, log } = await build(NEEDS, offered("0".repeat(64)));
    expect(log).toMatch(/^millwright: infrastructure: the tool \S+ is not the one that was promised$/m);
    expect(status).toBe(75);
  });
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The package that a spec makes in a root. */
async function built(root: string, spec: string): Promise<Buffer> {
  const work = await mkdtemp(join(tmpdir(), "build-tool-"));
  await writeFile(join(work, "a.spec"), spec);
  const { log } = await inRoot({ root, work }, ["rpmbuild", "-bb", "--define=_topdir /build/top", "a.spec"]);
  const [file] = await readdir(join(work, "top/RPMS/noarch")).catch(() => {
    throw new Error(log);
  });
  const made = await readFile(join(work, "top/RPMS/noarch", file ?? ""));
  await rm(work, { recursive: true });
  return made;
}
