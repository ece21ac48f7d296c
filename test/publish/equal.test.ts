import { link, mkdir, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describe } from "../../src/publish/describe.ts";
import type { Fresh } from "../../src/publish/describe.ts";
import { CHUNK, merge } from "../../src/publish/merge.ts";
import type { Base, Merged } from "../../src/publish/merge.ts";
import { poolPath } from "../../src/publish/nevra.ts";
import { lookUp } from "../../src/publish/package-list.ts";
import { repomdXml } from "../../src/publish/repomd.ts";
import { sha256 } from "../../src/publish/snapshot.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { lackOf, scratch, testTools } from "./kit.ts";
import { buildMany } from "./many.ts";

const COUNT = CHUNK + 60;
/** Which of them are withdrawn in the end: one of a full chunk, one of the last. */
const GONE = [5, CHUNK + 20];
const AT = new Date("2026-03-04T05:06:07Z");

interface Pair {
  readonly place: Awaited<ReturnType<typeof scratch>>;
  readonly run: Tools;
  /** Repositories of the same packages: merged step by step, and made by createrepo_c at once. */
  readonly merged: string;
  readonly whole: string;
  readonly packages: number;
}
let pair: Pair;

beforeAll(async () => {
  const place = await scratch();
  const run = await testTools(place.dir);
  const fresh = await Promise.all((await buildMany(place.dir, COUNT)).map(freshOf));
  const merged = join(place.dir, "merged");
  const whole = join(place.dir, "whole");
  const left = fresh.filter((_, n) => !GONE.includes(n));
  await writeMerged(run, { dir: place.dir, to: merged }, fresh);
  await writeWhole(run, whole, left);
  pair = { place, run, merged, whole, packages: left.length };
});
afterAll(() => pair.place[Symbol.asyncDispose]());

async function freshOf(local: string): Promise<Fresh> {
  const digest = sha256(await readFile(local));
  const file = local.slice(local.lastIndexOf("/") + 1);
  const nevra = file.slice(0, -".rpm".length);
  const { size } = await stat(local);
  const path = poolPath(digest, file);
  const entry = { nevra, sha256: digest, unsigned: "", size, name: nevra, file, path, run: "" };
  return { local, package: entry };
}

/** Merges the packages in steps that end within and beyond a chunk; then two of them go. */
async function writeMerged(
  run: Tools,
  { dir, to }: { readonly dir: string; readonly to: string },
  all: readonly Fresh[],
): Promise<void> {
  let base: Base | undefined;
  const steps = [
    { fresh: all.slice(0, 100), gone: [] },
    { fresh: all.slice(100, 101), gone: [] },
    { fresh: all.slice(101), gone: [] },
    { fresh: [], gone: GONE.map((n) => all[n]?.package.nevra ?? "") },
  ];
  let last: Merged | undefined;
  for (const { fresh, gone } of steps) {
    const place = await mkdtemp(join(dir, "step-"));
    const description = await describe(run, place, { fresh, at: AT });
    const list = base && (await base.read("list"));
    const withdrawn = base && list ? await lookUp(list, base.snapshot.files.list, new Set(gone)) : [];
    const packages = fresh.map((one) => one.package);
    const { counts, files } = (last = await merge(base, { withdrawn, fresh: packages, description }, place));
    base = {
      snapshot: { v: 1, target: "", run: "", at: "", base: 0, revision: 1, counts, files, repomd: "" },
      read: (kind) => readFile(files[kind].local),
    };
  }
  await mkdir(join(to, "repodata"), { recursive: true });
  if (!last) return;
  for (const { path, local } of Object.values(last.files)) await link(local, join(to, path));
  await writeFile(join(to, "repodata/repomd.xml"), repomdXml(last.files, AT.getTime() / 1000));
}

async function writeWhole(run: Tools, to: string, all: readonly Fresh[]): Promise<void> {
  for (const { package: entry, local } of all) {
    await mkdir(dirname(join(to, entry.path)), { recursive: true });
    await link(local, join(to, entry.path));
  }
  await run("createrepo_c", ["--quiet", "--no-database", "--general-compress-type=gz", to]);
}

/** What dnf's own reader finds, a line for each package. */
async function readByDnf(repository: string): Promise<readonly string[]> {
  const script = join(import.meta.dirname, "describe-packages.py");
  const told = await pair.run("/usr/bin/python3", [script, `file://${repository}`]);
  return told.trimEnd().split("\n");
}

/** What libsolv makes of it, with files and changelogs, a text for each package, in any order. */
async function readByLibsolv(repository: string): Promise<readonly string[]> {
  const solv = `${repository}.solv`;
  await pair.run("repo2solv", ["-F", "-C", "-o", solv, repository]);
  const dump = await pair.run("dumpsolv", [solv]);
  const [, ...solvables] = dump.split(/^solvable \d+ \(\d+\):$/m);
  // The pool is above the one repository and within the other.
  return solvables.map((text) => text.replace(": ../../pool/", ": pool/").trim()).toSorted();
}

const noDnf = lackOf("dnf");
test.skipIf(noDnf)(
  `dnf finds the same in merged metadata as in createrepo_c's, package by package${noDnf}`,
  async () => {
    const theirs = await readByDnf(pair.whole);
    expect(theirs).toHaveLength(pair.packages);
    expect(await readByDnf(pair.merged)).toEqual(theirs);
  },
);

const noSolv = lackOf("dumpsolv");
test.skipIf(noSolv)(`libsolv finds the same, package by package${noSolv}`, async () => {
  const theirs = await readByLibsolv(pair.whole);
  expect(theirs).toHaveLength(pair.packages);
  expect(theirs[0]).toContain("solvable:filelist:");
  expect(await readByLibsolv(pair.merged)).toEqual(theirs);
});

const noMerge = lackOf("mergerepo_c");
test.skipIf(noMerge)(`createrepo_c's own tools read merged metadata${noMerge}`, async () => {
  const out = join(pair.place.dir, "read");
  await pair.run("mergerepo_c", [
    "--no-database",
    "--omit-baseurl",
    "-o",
    out,
    "-r",
    `file://${pair.merged}`,
  ]);
  expect((await readByDnf(out)).length).toBe(pair.packages);
});
