import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isProgram } from "../local/distribution/cache.ts";
import { REF } from "../publish/ostree/kit.ts";
import { town } from "../publish/ostree/town.ts";
import { wholeAt } from "../publish/ostree/whole.ts";
import { runBuildspec } from "./run-buildspec.ts";
import { standInStore } from "./stand-in-store.ts";

const BUILDSPEC = "build-tree.yml";

const missing = ["ostree", "bwrap", "curl", "zstd", "tar"].filter((tool) => !isProgram(tool));
const why = missing.length > 0 && `skipped, because ${missing.join(", ")} is not installed: `;

/** Stands in for rpm-ostree, which Debian does not have: keeps what it was told, and commits what stands in the treefile's
 *  include onto the ref. */
const RPM_OSTREE = `#!/bin/sh
set -eu
# Which packages are in a commit is asked afterwards.
[ "$1" = compose ] || exit 0
printf '%s\\n' "$@" > argv
for last; do :; done
mkdir -p tree/usr
cp "$(dirname "$last")/common.yaml" tree/usr/common
sed -n 's/^ref: //p' "$last" | {
  read -r ref
  version=$(sed -n 's/^--add-metadata-string=//p' argv)
  now=$(ostree commit --repo=repo --branch="$ref" --tree=dir=tree --owner-uid=0 --owner-gid=0 --skip-if-unchanged --add-metadata-string="$version")
  [ -e parent ] && [ "$now" = "$(cat parent)" ] || touch changed
}
`;

/** A ref's channel, and builds of what a treefile's include says. */
async function channel() {
  const it = await town("archive");
  const store = await standInStore();
  return {
    ...it,
    async compose(common: string) {
      const work = await mkdtemp(join(it.dir, "work-"));
      const bundle = await mkdtemp(join(it.dir, "bundle-"));
      await mkdir(join(work, "bin"));
      await writeFile(join(work, "bin/rpm-ostree"), RPM_OSTREE, { mode: 0o755 });
      await mkdir(join(bundle, "SOURCES"));
      await writeFile(join(bundle, "SOURCES/host.yaml"), `include: common.yaml\nref: ${REF}\n`);
      await writeFile(join(bundle, "SOURCES/common.yaml"), common);
      const tar = execFileSync("tar", ["-C", bundle, "-c", "SOURCES"]);
      store.objects.set("/bundle", [tar]);
      const words = {
        bundle: `${store.url}/bundle`,
        sha256: createHash("sha256").update(tar).digest("hex"),
        treefile: "host.yaml",
        composer: "rpm-ostree",
        ref: REF,
        version: "20260301_01",
        at: "2026-03-01T00:00:00Z",
        arch: "x86_64",
        mirror: `${it.url}/ostree`,
        upload: `${store.url}/store`,
      };
      const lines = Object.entries(words).map((line) => `${line.join(" ")}\n`);
      store.objects.set("/manifest", [lines.join("")]);
      store.uploads.splice(0);
      const env = { PATH: "/mnt/bin:/usr/bin:/bin:/usr/sbin:/sbin" };
      const place = { root: "/", work, manifest: `${store.url}/manifest`, buildspec: BUILDSPEC, env };
      const ended = await runBuildspec(place);
      const left = (name: string) => store.uploads.find((one) => one.name === name)?.content;
      const facts = JSON.parse(String(left("facts.json") ?? "{}")) as Readonly<Record<string, string>>;
      return {
        ...ended,
        facts,
        tree: left("tree.ostree.tar.zst"),
        argv: await readFile(join(work, "argv"), "utf8"),
      };
    },
    /** Publishes what a build left, and nothing else. */
    async take(tree: Buffer | undefined, commit: string) {
      const place = await mkdtemp(join(it.dir, "taken-"));
      execFileSync("sh", ["-c", "zstd -dc | tar -x"], { cwd: place, input: tree });
      const repository = { dir: join(place, "repo"), mode: "archive" } as const;
      return it.publish(commit, { repository });
    },
    async [Symbol.asyncDispose]() {
      store.close();
      await it[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(why)(`${why || ""}the build of a tree`, { timeout: 120_000 }, () => {
  test("asks rpm-ostree for the treefile, with its includes beside it, on the commit that is published", async () => {
    await using it = await channel();
    const one = await it.compose("packages: [bash]\n");
    expect(one.status).toBe(0);
    expect(one.argv.trimEnd().split("\n")).toEqual([
      "compose",
      "tree",
      "--unified-core",
      "--cachedir=cache",
      "--repo=repo",
      "--touch-if-changed=changed",
      "--add-metadata-string=version=20260301_01",
      "recipe/SOURCES/host.yaml",
    ]);
    const first = one.facts["commit"] ?? "";
    expect(await it.take(one.tree, first)).toMatchObject({ commit: { sum: first } });

    const two = await it.compose("packages: [bash, sed]\n");
    const second = two.facts["commit"] ?? "";
    expect(two.log).toContain(`composing on ${first}`);
    expect(await it.take(two.tree, second)).toMatchObject({ commit: { parent: first }, fresh: 4 });
    expect(await wholeAt(`${it.url}/ostree`, REF)).toBe(second);

    const three = await it.compose("packages: [bash, sed]\n");
    expect(three).toMatchObject({ status: 0, facts: { "unchanged since": second }, tree: undefined });
  });

  test("brings along what comes back from before the commit that it follows", async () => {
    await using it = await channel();
    for (const common of ["a\n", "b\n", "a\n", "b\n"]) {
      const { tree, facts } = await it.compose(common);
      const commit = facts["commit"] ?? "";
      expect(await it.take(tree, commit)).toMatchObject({ commit: { sum: commit } });
    }
  });
});
