import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, open, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildRoot, type BuildRoot } from "../../../src/local/distribution/build-root.ts";
import { CACHE, isProgram, whyNoRoot } from "./cache.ts";
import { inRoot } from "../../buildspecs/run-buildspec.ts";

const skipped = whyNoRoot();
const silent = (): void => undefined;

describe.skipIf(skipped)(
  `${skipped ?? ""}a distribution converted from Debian's packages`,
  { timeout: 60_000 },
  () => {
    let root: BuildRoot;
    let dir: string;

    beforeAll(async () => {
      root = await buildRoot({ arch: "x86_64", dir: CACHE, log: silent });
    }, 600_000);

    beforeEach(async () => {
      // Beside the cache: files are linked, not copied.
      dir = await mkdtemp(join(CACHE, "test-"));
      return () => rm(dir, { recursive: true });
    });

    const ask = (...command: readonly string[]) => inRoot({ root: root.path, work: dir }, command);

    test("is asked for again and is there", async () => {
      const said: unknown[] = [];
      const again = await buildRoot({ arch: "x86_64", dir: CACHE, log: (...line) => said.push(line) });
      expect(again).toEqual(root);
      expect(said).toEqual([["build root", { kind: root.kind, path: root.path }]]);
      expect(root.kind).toMatch(
        /^debian-\d+ x86_64: \d+ packages converted from Debian, digest [0-9a-f]{12}$/,
      );
    });

    test("has what its repository has, in the root's own rpm database", async () => {
      const { log } = await ask("rpm", "-qa", "--qf", "%{NAME}-%{VERSION}-%{RELEASE}\\n");
      const installed = log.trim().split("\n");
      expect(installed.filter((name) => !name.startsWith("gpg-pubkey-")).toSorted()).toEqual(
        root.packages.toSorted(),
      );
    });

    test("answers to the names that specs of RPM distributions use", async () => {
      const requires =
        "gcc, make >= 3.80, gettext-devel, gettext-tools, glibc-devel, pkgconfig(libcrypt), xz, /bin/sh";
      await writeFile(join(dir, "names.spec"), NAMES_SPEC(requires));
      expect(await ask("rpmbuild", "-bc", "--define=_topdir /build", "names.spec")).toMatchObject({
        status: 0,
      });
      await writeFile(join(dir, "names.spec"), NAMES_SPEC(`${requires}, pkgconfig(unheard-of), make >= 99`));
      const refused = await ask("rpmbuild", "-bc", "--define=_topdir /build", "names.spec");
      expect(refused).toEqual({
        status: 11,
        log: expect.stringMatching(
          /Failed build dependencies:\n\tmake >= 99 is needed by .*\n\tpkgconfig\(unheard-of\) is needed by .*\n$/,
        ),
      });
    });

    test("has the shell, the tools and the directories that specs expect", async () => {
      const { log } = await ask(
        "bash",
        "-c",
        "sh --version | head -1; awk 'BEGIN {print 1}'; automake --version | head -1; rpm --eval '%_buildshell %_sharedstatedir %_libdir'",
      );
      expect(log).toMatch(/^GNU bash.*\n1\nautomake .*\n\/bin\/bash \/var\/lib \/usr\/lib64\n$/);
    });

    test("is signed package by package, and its index too", async () => {
      const db = `--dbpath=${dir}/db`;
      execFileSync("rpmkeys", [db, "--import", root.key]);
      const rpms = (await readdir(root.repository)).filter((name) => name.endsWith(".rpm"));
      const files = rpms.map((name) => join(root.repository, name));
      const verdicts = execFileSync("rpmkeys", [db, "--define=_pkgverify_level all", "-K", ...files], {
        encoding: "utf8",
      });
      expect(verdicts.trim().split("\n")).toEqual(files.map((file) => `${file}: digests signatures OK`));
      const index = join(root.repository, "repodata/repomd.xml");
      execFileSync("gpg", ["--dearmor", "--output", join(dir, "key.gpg"), root.key]);
      execFileSync("gpgv", ["--quiet", "--keyring", join(dir, "key.gpg"), `${index}.asc`, index], {
        stdio: "pipe",
      });
    });

    test(
      "gives clients the C library from its repository, and nothing once a byte of it is changed",
      { timeout: 600_000 },
      async () => {
        const copy = join(dir, "repository");
        execFileSync("cp", ["-r", root.repository, copy]);
        const install = (into: string) => {
          const settings = [
            "--setopt=reposdir=/nonexistent",
            "--setopt=gpgcheck=1",
            "--setopt=repo_gpgcheck=1",
          ];
          const repo = [
            `--repofrompath=d,file://${copy}`,
            "--repo=d",
            `--setopt=d.gpgkey=file://${root.key}`,
          ];
          const place = ["--installroot", join(dir, into), "--releasever=1", "--disableplugin=*"];
          return client("dnf", "-q", "-y", ...settings, ...repo, ...place, "install", "libc6", "bash");
        };
        install("whole");
        const hello = execFileSync("chroot", [join(dir, "whole"), "sh", "-c", "echo $BASH_VERSION"], {
          encoding: "utf8",
        });
        expect(hello).toMatch(/^5\./);
        await flipByte(join(copy, `${root.packages.find((name) => /^libc6-\d/.test(name))}.rpm`));
        expect(() => install("flipped")).toThrow(/checksum|digest/i);
      },
    );

    test(
      "gives zypper the same, and nothing once a byte of it is changed",
      { timeout: 600_000 },
      async ({ skip }) => {
        skip(!isProgram("zypper"), "zypper is not installed");
        const copy = join(dir, "repository");
        execFileSync("cp", ["-r", root.repository, copy]);
        const install = async (into: string): Promise<void> => {
          const place = join(dir, into);
          await mkdir(join(place, "etc/zypp/repos.d"), { recursive: true });
          const repo = `[d]\nbaseurl=file://${copy}\nenabled=1\ngpgcheck=1\nrepo_gpgcheck=1\npkg_gpgcheck=1\n`;
          await writeFile(join(place, "etc/zypp/repos.d/d.repo"), repo);
          execFileSync("rpm", ["--root", place, "--import", root.key], { stdio: "pipe" });
          client("zypper", "-q", "--root", place, "-n", "install", "libc6", "bash");
        };
        await install("whole");
        const hello = execFileSync("chroot", [
          join(dir, "whole"),
          "sh",
          "-c",
          "echo $BASH_VERSION",
        ]).toString();
        expect(hello).toMatch(/^5\./);
        await flipByte(join(copy, `${root.packages.find((name) => /^libc6-\d/.test(name))}.rpm`));
        await expect(install("flipped")).rejects.toMatchObject({ status: 8 });
      },
    );

    test("asked for twice at once in a new cache, is made once", { timeout: 600_000 }, async () => {
      for (const shared of ["apt", "key", "lock", "rpms"])
        await symlink(join(CACHE, shared), join(dir, shared));
      const said: string[] = [];
      const log = (message: string): number => said.push(message);
      const order = { arch: "x86_64", dir, log } as const;
      const [one, other] = await Promise.all([buildRoot(order), buildRoot(order)]);
      expect(other).toEqual(one);
      expect(one.digest).toBe(root.digest);
      expect(said.toSorted()).toEqual(["build root", "build root", "converting Debian packages to rpms"]);
      expect(await readdir(join(dir, "roots"))).toEqual([one.digest]);
    });

    test("a package that Debian does not have is refused in apt's words", { timeout: 600_000 }, async () => {
      const order = { arch: "x86_64", dir: CACHE, packages: ["no-such-package"], log: silent } as const;
      await expect(buildRoot(order)).rejects.toThrow("Unable to locate package no-such-package");
    });
  },
);

/** Runs a package manager; the agents of gpg that it starts end with it. */
const client = (...command: readonly string[]): string =>
  execFileSync("unshare", ["--pid", "--fork", "--kill-child", "--mount-proc", ...command], {
    encoding: "utf8",
    stdio: "pipe",
  });

const NAMES_SPEC = (requires: string): string => `Name: names
Version: 1
Release: 1
Summary: Names
License: FSFAP
BuildRequires: ${requires}
%description
Names
%build
`;

async function flipByte(path: string): Promise<void> {
  const file = await open(path, "r+");
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  await file.write(Uint8Array.of((buffer[0] ?? 0) ^ 1), 0, 1, size - 1);
  await file.close();
}
