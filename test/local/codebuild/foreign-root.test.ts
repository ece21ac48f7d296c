import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Root } from "../../../src/local/codebuild/root.ts";
import { openDebianIndex } from "../../../src/local/distribution/debian-index.ts";
import { foreignPrograms } from "../../../src/local/distribution/foreign-programs.ts";
import { because, cannotBuild, commands, OFFLINE, printed, startMachine } from "./machine.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "foreign-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const arm: { root?: Root; reason?: string | undefined } =
  cannotBuild === undefined && process.arch === "x64" ? await foreignRoot() : { reason: cannotBuild };

test.skipIf(arm.root === undefined)(
  `a root of another architecture runs its programs, offline and unknown to the host${because(arm.reason)}`,
  async () => {
    const registered = (): boolean => existsSync("/proc/sys/fs/binfmt_misc/qemu-aarch64");
    const before = registered();
    const machine = await startMachine({ roots: async () => arm.root });
    const ask = `wget -q -O - http://127.0.0.1:${machine.s3Port}/`;
    await machine.project("arm", commands("uname -m", ask, "cat /proc/self/status | grep CapEff"), OFFLINE);
    const build = await machine.build("arm");
    const log = await machine.log(build);
    await machine.close();
    expect(printed(log).replace(/\s+/g, " ")).toBe("aarch64 from s3 CapEff: 0000000000000000");
    expect(build.buildStatus).toBe("SUCCEEDED");
    expect(registered()).toBe(before);
  },
);

/** A busybox for aarch64 out of Debian's archive, with a link for every program of it that the test needs. */
async function foreignRoot(): Promise<{ root?: Root; reason?: string }> {
  const root = path.join(scratch, "root");
  try {
    const binfmt = await foreignPrograms("aarch64");
    const index = await openDebianIndex("arm64", scratch);
    const wanted = await index.closure(["busybox-static"]);
    const busybox = wanted.find(({ name }) => name === "busybox-static");
    await index.download(busybox ? [busybox] : [], scratch);
    const deb = readdirSync(scratch).find((name) => name.endsWith(".deb"));
    execFileSync("dpkg-deb", ["-x", path.join(scratch, deb ?? "none"), root]);
    if (!existsSync(path.join(root, "bin"))) symlinkSync("usr/bin", path.join(root, "bin"));
    for (const tool of ["sh", "cat", "grep", "uname", "wget"])
      symlinkSync("busybox", path.join(root, "bin", tool));
    return { root: { kind: "directory", path: root, binfmt } };
  } catch (error) {
    return { reason: `no root for aarch64 can be made: ${String(error).split("\n")[0]}` };
  }
}
