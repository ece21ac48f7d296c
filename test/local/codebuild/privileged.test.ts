import { readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answering,
  because,
  cannotBuild,
  commands,
  type Machine,
  OFFLINE,
  printed,
  startMachine,
} from "./machine.ts";

const cannot = cannotBuild ?? (process.getuid?.() === 0 ? undefined : "this user is not root");
const PRIVILEGED = {
  environment: {
    type: "LINUX_CONTAINER",
    image: "host",
    computeType: "BUILD_GENERAL1_SMALL",
    privilegedMode: true,
  },
} as const;

describe.skipIf(cannot !== undefined)(`a privileged build${because(cannot)}`, () => {
  let machine: Machine;
  let home: string;
  let shown: string;
  let count = 0;
  beforeAll(async () => {
    home = await mkdtemp(path.join(homedir(), ".privileged-test-"));
    // Nobody but root may walk through `home`.
    shown = path.join(home, "shown");
    await mkdir(shown, { mode: 0o755 });
    await writeFile(path.join(shown, "packages"), "of the distribution\n");
    machine = await startMachine({
      roots: async () => ({ kind: "host", mounts: { "/srv/repository": shown } }),
    });
  });
  afterAll(async () => {
    await machine.close();
    await rm(home, { recursive: true, force: true });
  });

  async function run(...list: readonly string[]): Promise<string> {
    const name = `privileged-${(count += 1)}`;
    await machine.project(name, commands(...list), { ...OFFLINE, ...PRIVILEGED });
    const build = await machine.build(name);
    return printed(await machine.log(build));
  }

  test("mounts, changes owners and enters a root of its own", async () => {
    const text = await run(
      "mkdir -p root/usr root/proc root/there; ln -s usr/lib64 root/lib64; ln -s usr/lib root/lib",
      "mount -t tmpfs none root/there && echo mounted",
      "mount --bind /usr root/usr && chroot root /usr/bin/id -u",
      "touch owned && chown 7:8 owned && stat -c %u:%g owned",
      "mount --bind /proc root/proc && echo bound",
    );
    expect(text).toContain("mounted");
    expect(text).toContain("7:8");
    expect(text).toContain("bound");
  });

  test("sees what it is shown, below folders where it may not walk, and cannot change it", async () => {
    const text = await run(
      "cat /srv/repository/packages",
      "echo x > /srv/repository/packages || echo no",
      `ls ${home} || echo hidden`,
    );
    expect(text).toContain("of the distribution");
    expect(text).toContain("no\n");
    expect(text).toContain("hidden");
    expect(readFileSync(path.join(shown, "packages"), "utf8")).toBe("of the distribution\n");
  });

  test("is root over nothing of the host: no settings of the kernel, no devices, no owner of its files", async () => {
    const before = readFileSync("/proc/sys/kernel/core_pattern", "utf8");
    const text = await run(
      "umount -l /proc/sys 2> /dev/null; echo mine > /proc/sys/kernel/core_pattern || echo refused 1",
      "mount -t proc proc /mnt 2> /dev/null; echo mine > /mnt/sys/kernel/core_pattern || echo refused 2",
      "mknod sda b 8 0 || echo refused 3",
      "touch /usr/bin/mine || echo refused 4",
      "mount -o remount,rw /usr || echo refused 5",
      "stat -c %u /usr/bin/env",
      "echo b > /proc/sysrq-trigger || echo refused 6",
    );
    for (const number of [1, 2, 3, 4, 5, 6]) expect(text).toContain(`refused ${number}`);
    expect(text).toContain("65534");
    expect(readFileSync("/proc/sys/kernel/core_pattern", "utf8")).toBe(before);
    expect(statSync("/usr/bin/env").uid).toBe(0);
  });

  test("reaches S3 and nothing else", async () => {
    const other = await answering("from elsewhere");
    const ask = (port: number): string => `curl -s -m 5 http://127.0.0.1:${port}/ || echo "status $?"`;
    const text = await run(
      ask(machine.s3Port),
      "echo",
      ask(other.port),
      "ip link add dummy0 type dummy; true",
    );
    expect(text).toContain("from s3");
    expect(text).not.toContain("from elsewhere");
    other.server.close();
  });
});
