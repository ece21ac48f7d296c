import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cameUp } from "../../src/pipelines/boot/verdict.ts";
import { isProgram } from "../local/distribution/cache.ts";
import { bootDisk } from "./boot-disk.ts";
import { runBuildspec } from "./run-buildspec.ts";
import { standInStore, type StandInStore } from "./stand-in-store.ts";

const BUILDSPEC = "check-boot.yml";

const TOOLS = ["qemu-system-x86_64", "bwrap", "curl", "mkfs.ext4", "cpio", "apt-get", "dpkg-deb"];
const missing = TOOLS.filter((tool) => !isProgram(tool));
const why =
  process.arch === "x64"
    ? missing.length > 0 && `skipped, because ${missing.join(", ")} is not installed: `
    : "skipped, because the disk is for a PC: ";

describe.skipIf(why)(`${why || ""}the boot check`, { timeout: 300_000 }, () => {
  let work: string;
  let store: StandInStore;

  beforeEach(async () => {
    const dir = await mkdtemp(join(tmpdir(), "check-boot-"));
    work = join(dir, "work");
    await mkdir(work);
    store = await standInStore();
    return async () => {
      store.close();
      await rm(dir, { recursive: true });
    };
  });

  /** Checks a disk as the stage does, on this machine's qemu and without its /dev/kvm. */
  function check(disk: Buffer, changes: Readonly<Record<string, string>> = {}) {
    store.objects.set("/disk", [disk]);
    const words = {
      image: `${store.url}/disk`,
      sha256: createHash("sha256").update(disk).digest("hex"),
      name: "small.x86_64-1.0.0.raw",
      arch: "x86_64",
      seconds: "120",
      shutdown: "1",
      upload: `${store.url}/store`,
      ...changes,
    };
    const lines = Object.entries(words).map((line) => `${line.join(" ")}\n`);
    store.objects.set("/manifest", [lines.join("")]);
    return runBuildspec({ root: "/", work, manifest: `${store.url}/manifest`, buildspec: BUILDSPEC });
  }

  const left = (name: string): string | undefined =>
    store.uploads.find((one) => one.name === name)?.content.toString();

  const told = () =>
    cameUp({
      facts: JSON.parse(left("facts.json") ?? "{}") as Record<string, string>,
      first: left("console.log") ?? "",
      warm: left("console-warm.log"),
    });

  test("boots a disk to its login twice, and records when each milestone was reached", async () => {
    const { status, log } = await check(await readFile(await bootDisk()));
    expect(log).toContain("uploaded SHA256SUMS");
    expect(status).toBe(0);
    const booted = told();
    expect(booted).toMatchObject({ accelerator: "tcg", machine: "q35" });
    for (const boot of ["first", "warm"] as const) {
      const reached = "missed" in booted ? {} : (booted[boot] ?? {});
      const times = (["kernel", "init", "network", "login"] as const).map(
        (one) => reached[one] ?? Number.NaN,
      );
      expect(times.every((time) => time > 0)).toBe(true);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(reached.ok).toBeGreaterThan(0);
    }
    expect(store.uploads.map(({ name }) => name)).toEqual([
      "console-warm.log",
      "console.log",
      "facts.json",
      "SHA256SUMS",
    ]);
  });

  test("gives a disk that does not come up the time it was told, and tells that it did not", async () => {
    const { status } = await check(Buffer.alloc(1024 * 1024), { seconds: "2" });
    expect(status).toBe(0);
    expect(told()).toMatchObject({ missed: "login" });
    expect(left("console-warm.log")).toBeUndefined();
  });

  test("refuses a disk that names a file of this machine as its own", async () => {
    const header = Buffer.alloc(104);
    header.write("QFI\u00fb", "latin1");
    header.writeUInt32BE(3, 4);
    header.writeBigUInt64BE(104n, 8);
    const { status, log } = await check(header, { name: "evil.qcow2" });
    expect(log).toContain("millwright: refused: evil.qcow2 has a backing file");
    expect(status).toBe(1);
    expect(store.uploads).toEqual([]);
  });

  test.for(["name", "arch", "seconds"])(
    "commands in the manifest's %s are nothing but a wrong value",
    async (word) => {
      const { status } = await check(Buffer.alloc(512), { [word]: "a[$(touch${IFS}/mnt/canary)]" });
      expect(status).not.toBe(0);
      expect(store.uploads).toEqual([]);
      expect(await readdir(work)).not.toContain("canary");
    },
  );
});
