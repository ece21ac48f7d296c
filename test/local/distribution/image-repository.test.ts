import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageRepository } from "../../../src/local/distribution/build-root.ts";
import { CACHE, whyNoRoot } from "./cache.ts";

const skipped = whyNoRoot("cpio", "rpm2cpio", "zstd");

describe.skipIf(skipped)(`${skipped ?? ""}what images and trees are made from`, { timeout: 60_000 }, () => {
  let dir: string;
  let repository: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "image-repository-"));
    ({ repository } = await imageRepository({ arch: "x86_64", dir: CACHE, log: () => undefined }));
    const kernel = (await readdir(repository)).find((name) => /^kernel-\d/.test(name)) ?? "";
    const unpack = `rpm2cpio "$1" | cpio --quiet -id`;
    execFileSync("sh", ["-c", unpack, "unpack", join(repository, kernel)], { cwd: dir, stdio: "pipe" });
  }, 600_000);
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test("has what a system needs to boot", async () => {
    const names = (await readdir(repository)).map((name) => /^(.+)-[^-]+-[^-]+$/.exec(name)?.[1] ?? name);
    expect(names).toEqual(
      expect.arrayContaining(["grub-pc-bin", "kernel", "millwright-dracut", "systemd-sysv", "udev"]),
    );
  });

  test("the kernel lies where ostree looks for it, with an initramfs and its modules' index", async () => {
    const [version = ""] = await readdir(join(dir, "usr/lib/modules"));
    const there = await readdir(join(dir, "usr/lib/modules", version));
    expect(there).toEqual(expect.arrayContaining(["initramfs.img", "modules.dep.bin", "vmlinuz"]));
    expect(await readdir(join(dir, "boot"))).toEqual([`vmlinuz-${version}`]);
    const list = `zstd -dc "$1" | cpio --quiet -t`;
    const image = join(dir, "usr/lib/modules", version, "initramfs.img");
    const inside = execFileSync("sh", ["-c", list, "list", image], { encoding: "utf8" }).split("\n");
    expect(inside).toEqual(expect.arrayContaining(["init", "bin/busybox", "sysroot"]));
    expect(inside.filter((name) => /\/(virtio_blk|sr_mod|overlay|squashfs)\.ko$/.test(name))).toHaveLength(4);
  });

  test("the first program's script is one that a shell can read", async () => {
    const [version = ""] = await readdir(join(dir, "usr/lib/modules"));
    const image = join(dir, "usr/lib/modules", version, "initramfs.img");
    const script = `zstd -dc "$1" | cpio --quiet -i --to-stdout init | sh -n`;
    execFileSync("sh", ["-c", script, "check", image], { stdio: "pipe" });
  });
});
