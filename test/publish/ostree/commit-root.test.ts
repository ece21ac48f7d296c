import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitRoot } from "../../../src/publish/ostree/commit-root.ts";
import { lackOf, scratch } from "../kit.ts";
import { composer, ostree, REF } from "./kit.ts";

const lack = lackOf("ostree");

async function makeRoot(root: string): Promise<void> {
  for (const path of ["usr/bin", "usr/lib/deep/er", "usr/empty", "var"])
    await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, "usr/bin/tool"), "#!/bin/sh\n");
  await chmod(join(root, "usr/bin/tool"), 0o4775);
  await writeFile(join(root, "usr/lib/large"), Buffer.alloc(3_000_000, "large "));
  for (const name of ["b", "a", "B", "ü", "a-b", "ab"])
    await writeFile(join(root, "usr/lib/deep/er", name), name);
  await writeFile(join(root, "usr/lib/empty"), "");
  await chmod(join(root, "usr/lib/empty"), 0o600);
  await symlink("../bin/tool", join(root, "usr/lib/link"));
  await symlink("/nowhere", join(root, "dangling"));
  await chmod(join(root, "var"), 0o700);
}

test.skipIf(lack)(`a root becomes the same tree as by ostree's own commit${lack}`, async () => {
  await using place = await scratch();
  const made = await composer(place.dir);
  const root = join(place.dir, "root");
  await makeRoot(root);
  const at = new Date("2026-03-01T00:00:00Z");
  const first = commitRoot(made.repository, { root, ref: REF, at, version: "20260301_01" });
  const { dir } = made.repository;
  await ostree("fsck", `--repo=${dir}`);
  expect(await ostree("rev-parse", `--repo=${dir}`, REF)).toBe(first);
  const other = join(place.dir, "other");
  await ostree("init", `--repo=${other}`, "--mode=bare-user-only");
  const options = ["--canonical-permissions", "--no-xattrs", "--timestamp=2026-03-01T00:00:00Z"];
  const version = "--add-metadata-string=version=20260301_01";
  const theirs = await ostree(
    "commit",
    `--repo=${other}`,
    `--branch=${REF}`,
    ...options,
    version,
    `--tree=dir=${root}`,
  );
  expect(first).toBe(theirs);

  const again = { root, ref: REF, at: new Date("2026-03-02T00:00:00Z"), parent: first };
  expect(commitRoot(made.repository, again)).toBe(first);
  await writeFile(join(root, "usr/lib/deep/er/a"), "changed");
  await rm(join(root, "dangling"));
  const second = commitRoot(made.repository, again);
  expect(second).not.toBe(first);
  await ostree("fsck", `--repo=${dir}`);
  const diff = await ostree("diff", `--repo=${dir}`, first, second);
  expect(
    diff
      .split("\n")
      .map((line) => line.trim())
      .toSorted(),
  ).toEqual(["D    /dangling", "M    /usr/lib/deep/er/a"]);
});
