import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run } from "../../src/pipelines/run.ts";
import { isProgram } from "../local/distribution/cache.ts";
import { DISK_SCRIPT, diskDescription } from "./disk-description.ts";
import { stageOf } from "./mirror.ts";
import { runOf } from "./outcome.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoImages } from "./why-no-images.ts";

// A disk that boots, on the whole stack: kiwi on loop devices, qemu, and a stranger's change that makes it too slow.
const TOOLS = ["mkfs.ext4", "parted", "qemu-img", "qemu-system-x86_64", "sgdisk"];
const missing = TOOLS.filter((tool) => !isProgram(tool));
const skipped =
  whyNoImages() ??
  (process.arch !== "x64" ? "skipped, because the disk is for a PC: " : undefined) ??
  (missing.length > 0 ? `skipped, because ${missing.join(", ")} is not installed: ` : undefined);
const [owner, repo] = ["maria", "system"];
const BOOT = "check/image:system/debian-12/x86_64/Disk/oem";

const rules = (fail: boolean): string =>
  `recipes:\n  system:\n    profiles: [Ext4, Disk]\n    boot: { seconds: 1, slower: 1000, fail: ${String(fail)} }\n`;
const FILES = {
  ".millwright.yml": rules(false),
  "os/system.kiwi": diskDescription(),
  "os/config.sh": DISK_SCRIPT,
};

describe.skipIf(skipped)(`${skipped ?? ""}a disk that boots`, { timeout: 1_800_000 }, () => {
  let town: Settled;
  let main: Run;

  beforeAll(async () => {
    town = await settled({ owner, repo, files: { "README.md": "# System\n" }, disks: true });
    main = await runOf(town.world.stack, await town.commit("main", FILES));
  }, 1_800_000);
  afterAll(() => town?.close(), 60_000);

  const checkNamed = async (run: Run, name: string) => {
    const { data } = await town.rest.checks.listForRef({ owner, repo, ref: run.trigger.sha, per_page: 100 });
    return data.check_runs.find((check) => check.name.includes(name));
  };

  test("is made by kiwi on loop devices, boots twice, and is told to be over its budget", async () => {
    expect(main.stages.map(({ name, state, because }) => `${name} ${state} ${because ?? ""}`)).toEqual([
      "source/image:system passed ",
      "build/image:system/debian-12/x86_64/Ext4/ext4 passed ",
      "build/image:system/debian-12/x86_64/Disk/oem passed ",
      `${BOOT} passed `,
      "publish/devel passed ",
    ]);
    const { boot } = stageOf(main, BOOT);
    expect(boot).toMatchObject({ accelerator: "tcg", machine: "q35" });
    expect(boot?.before).toBeUndefined();
    for (const times of [boot?.first, boot?.warm]) {
      const reached = [times?.kernel, times?.init, times?.network, times?.login].map((time) => time ?? 0);
      expect(reached.every((time) => time > 0)).toBe(true);
      expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    }
    const check = await checkNamed(main, "Disk");
    expect(check?.conclusion).toBe("success");
    expect(check?.output.title).toMatch(/^It boots in [\d.]+ s, once more in [\d.]+ s: over its budget$/);
    const text = String(check?.output.summary);
    expect(text).toMatch(/\*\*Over its budget:\*\* [\d.]+ s to login, 1\.0 s are allowed\./);
    const plot = await fetch(/\]\((http[^)]+\.boot\.svg)\)/.exec(text)?.[1] ?? "");
    expect(plot.headers.get("content-type")).toBe("image/svg+xml");
    expect(await plot.text()).toMatch(/^<svg /);
  });
});
