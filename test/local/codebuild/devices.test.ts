import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isProgram } from "../distribution/cache.ts";
import { because, cannotBuild, commands, type Machine, OFFLINE, printed, startMachine } from "./machine.ts";

const cannot =
  cannotBuild ??
  (process.getuid?.() === 0 ? undefined : "this user is not root") ??
  (isProgram("mkfs.ext4") ? undefined : "mkfs.ext4 is not installed");

const loops = (): string => execFileSync("losetup", ["--list", "--noheadings"], { encoding: "utf8" });

describe.skipIf(cannot !== undefined)(`a privileged build with devices${because(cannot)}`, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await startMachine({ roots: async () => ({ kind: "host", devices: true }) });
  });
  afterAll(() => machine.close());

  async function run(name: string, privilegedMode: boolean, ...list: readonly string[]): Promise<string> {
    const environment = {
      type: "LINUX_CONTAINER",
      image: "host",
      computeType: "BUILD_GENERAL1_SMALL",
      privilegedMode,
    } as const;
    await machine.project(name, commands(...list), { ...OFFLINE, environment });
    return printed(await machine.log(await machine.build(name)));
  }

  test("mounts a file system of a loop device; what it leaves attached and mounted goes with it", async () => {
    const text = await run(
      "mounts",
      true,
      "truncate -s 4M left-attached && mkfs.ext4 -q left-attached && mkdir at",
      "mount $(losetup --find --show left-attached) at && touch at/file && ls at",
    );
    expect(text).toContain("file");
    expect(loops()).not.toContain("left-attached");
  });

  test("reaches neither the network nor the host's files", async () => {
    const text = await run(
      "walled",
      true,
      "ls /sys/class/net; curl -s -m 3 http://192.0.2.1/ || echo alone",
      "ls /home /work /srv 2> /dev/null; touch /usr/mine || echo refused",
    );
    expect(text).toMatch(/alone\n.*refused/s);
  });

  test("without privileges it has none of the host's devices", async () => {
    const text = await run("plain", false, "ls /dev/loop-control || echo none");
    expect(text).toContain("none");
  });
});
