import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf } from "../../src/cli/runs.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { isProgram } from "../local/distribution/cache.ts";
import { DISK_SCRIPT, diskDescription } from "./disk-description.ts";
import { stageOf } from "./mirror.ts";
import { runOf } from "./outcome.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoImages } from "./why-no-images.ts";

// What takes too long for every run: a live medium that boots, over a budget that is strict, and a squashfs.
const missing = [
  ...["mkfs.ext4", "qemu-system-x86_64", "xorriso"].filter((tool) => !isProgram(tool)),
  // kiwi asks for it on this side, though the medium has its own.
  ...["/usr/lib/ISOLINUX/isolinux.bin", "/usr/lib/syslinux/modules/bios/ldlinux.c32"].filter(
    (file) => !existsSync(file),
  ),
];
const skipped =
  whyNoImages() ??
  (process.env["MILLWRIGHT_HEAVY"] === undefined
    ? "skipped, because it is for the night (npm run test:heavy): "
    : undefined) ??
  (process.arch !== "x64" ? "skipped, because the medium is for a PC: " : undefined) ??
  (missing.length > 0 ? `skipped, because ${missing.join(", ")} is not installed: ` : undefined);
const [owner, repo] = ["maria", "medium"];
const IMAGE = "image:system/debian-12/x86_64";

const FILES = {
  ".millwright.yml":
    "recipes:\n  system:\n    profiles: [Squash, Live]\n    boot: { seconds: 1, fail: true }\n",
  "os/system.kiwi": diskDescription(),
  "os/config.sh": DISK_SCRIPT,
};

describe.skipIf(skipped)(`${skipped ?? ""}a live medium`, { timeout: 1_800_000 }, () => {
  let town: Settled;
  let run: Run;

  beforeAll(async () => {
    town = await settled({ owner, repo, files: { "README.md": "# Medium\n" }, disks: true });
    run = await runOf(town.world.stack, await town.commit("main", FILES));
  }, 1_800_000);
  afterAll(() => town?.close(), 60_000);

  test("is made and comes up to its login, twice", () => {
    expect(stageOf(run, `build/${IMAGE}/Live/iso`).files?.map(({ name }) => name)).toContain(
      "system-Live.x86_64-1.0.0.iso",
    );
    const { boot } = stageOf(run, `check/${IMAGE}/Live/iso`);
    expect(boot?.first.login).toBeGreaterThan(0);
    expect(boot?.warm?.login).toBeGreaterThan(0);
  });

  test("fails over a budget that is strict, and is not published; nor is what came with it", async () => {
    const { state, because } = stageOf(run, `check/${IMAGE}/Live/iso`);
    expect(state).toBe("failed");
    expect(because).toMatch(/^It is over its budget: [\d.]+ s to login, 1\.0 s are allowed/);
    expect(stageOf(run, "publish/").state).toBe("skipped");
    expect(await bucketOf(town.world.stack, "MirrorBucket").list(`${owner}/${repo}/devel/images/`)).toEqual(
      [],
    );
  });

  test("a squashfs is made beside it", () => {
    const { state, files } = stageOf(run, `build/${IMAGE}/Squash/squashfs`);
    expect(state).toBe("passed");
    expect(files?.map(({ name }) => name)).toContainEqual(expect.stringMatching(/\.squashfs(\.xz)?$/));
  });
});
