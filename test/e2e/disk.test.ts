import { setTimeout as pause } from "node:timers/promises";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRuns, bucketOf } from "../../src/cli/runs.ts";
import type { Reached } from "../../src/pipelines/boot/booted.ts";
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

const FILES = {
  ".millwright.yml":
    "recipes:\n  system:\n    profiles: [Ext4, Disk]\n    boot: { seconds: 1, slower: 1000 }\n",
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

  const checksOf = async (ref: string) =>
    (await town.rest.checks.listForRef({ owner, repo, ref, per_page: 100 })).data.check_runs;
  const checkNamed = async (run: Run, name: string) =>
    (await checksOf(run.trigger.sha)).find((check) => check.name.includes(name));

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 120 && !(await isSo()); waited += 1) await pause(1000);
    expect(await isSo()).toBe(true);
  }

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
    expectInOrder(boot?.first ?? {});
    expectInOrder(boot?.warm ?? {});
    const check = await checkNamed(main, "Disk");
    expect(check?.conclusion).toBe("success");
    expect(check?.output.title).toMatch(/^It boots in [\d.]+ s, once more in [\d.]+ s: over its budget$/);
    const text = String(check?.output.summary);
    expect(text).toMatch(/\*\*Over its budget:\*\* [\d.]+ s to login, 1\.0 s are allowed\./);
    const plot = await fetch(/\]\((http[^)]+\.boot\.svg)\)/.exec(text)?.[1] ?? "");
    expect(plot.headers.get("content-type")).toBe("image/svg+xml");
    expect(await plot.text()).toMatch(/^<svg /);
  });

  test("is published with its digest, our signature and its lists beside it", async () => {
    const keys = await bucketOf(town.world.stack, "MirrorBucket").list(`${owner}/${repo}/devel/images/2`);
    const disk = "system-Disk.x86_64-1.0.0";
    const names = keys.map(({ key }) => key.slice(key.lastIndexOf("/") + 1));
    const beside = ["packages", "qcow2", "qcow2.sha256", "qcow2.sha256.asc", "verified"];
    expect(names).toEqual(expect.arrayContaining(beside.map((end) => `${disk}.${end}`)));
    expect(names.filter((name) => name.startsWith("system-Ext4") && name.includes(".ext4"))).not.toEqual([]);
  });

  test("of a stranger waits for an ACK, and is held against the last one: its boot, and its packages", async () => {
    const { admin } = town.world.github;
    const sam = admin.createUser({ login: "sam" });
    await admin.fork(owner, repo, "sam");
    const files = { "os/system.kiwi": diskDescription("zstd") };
    const sha = await admin.commit("sam", repo, { by: "sam", branch: "more", message: "Add zstd", files });
    const rest = new Octokit({ auth: sam.token, baseUrl: town.world.github.apiUrl }).rest;
    const { data } = await rest.pulls.create({ owner, repo, title: "zstd", head: "sam:more", base: "main" });
    await until(async () => (await checksOf(sha)).some(({ conclusion }) => conclusion === "action_required"));
    await town.rest.issues.createComment({ owner, repo, issue_number: data.number, body: `/ack ${sha}` });
    const booted = async () =>
      (await allRuns(town.world.stack)).find(
        (run) => run.trigger.sha === sha && run.jobs.some(({ check }) => check === BOOT),
      );
    await until(async () => (await booted()) !== undefined);
    const pull = await runOf(town.world.stack, sha);
    const { boot, state } = stageOf(pull, BOOT);
    expect(state).toBe("passed");
    expect(boot?.before).toMatchObject({ first: stageOf(main, BOOT).boot?.first });
    const check = await checkNamed(pull, "Disk");
    expect(check?.conclusion).toBe("success");
    const text = String(check?.output.summary);
    expect(text).toMatch(/\| Login \| .* (than|as) [\d.]+ s \|/);
    expect(text).toMatch(/^\+ zstd\.x86_64 1\.5/m);
  });
});

/** Each milestone was reached, and none before the one before it. */
function expectInOrder(times: Reached): void {
  const { kernel = 0, init = 0, network = 0, login = 0 } = times;
  expect(kernel).toBeGreaterThan(0);
  expect([kernel, init, network, login].toSorted((a, b) => a - b)).toEqual([kernel, init, network, login]);
}
