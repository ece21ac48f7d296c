import { describe, expect, test } from "vitest";
import { type BootPorts, judgeBoot, rememberBoot } from "../../../src/flow/hear/judge-boot.ts";
import { type BootHistory, bootsKey } from "../../../src/pipelines/boot/history.ts";
import type { BootBudget } from "../../../src/pipelines/boot/booted.ts";
import { plotKey } from "../../../src/pipelines/log/log.ts";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import type { Signal } from "../../../src/pipelines/signal.ts";
import { attemptId, type Stage } from "../../../src/pipelines/stage.ts";
import { memoryBlobs, memoryRecords } from "../memory.ts";

const AT = "2026-11-21T10:00:00.000Z";
const repo = { id: 7, node: "R_7", owner: "maria", name: "os", installation: 1, private: false };
const recipe = { kind: "image", name: "os", path: "os/os.kiwi" } as const;

const runWith = (boot: BootBudget, sha = "a".repeat(40), isPrivate = false): Run =>
  plan({
    repo: { ...repo, private: isPrivate },
    trigger: { kind: "push", branch: "main", sha },
    zone: "trusted",
    channel: "devel",
    at: AT,
    leave: { rule: "pushed" },
    left: [],
    work: [
      { recipe, target: "debian-12", arch: "x86_64", tier: "required", profile: "Disk", type: "oem", boot },
    ],
  });

const CHECK = "check/image:os/debian-12/x86_64/Disk/oem";

function world() {
  const [blobs, logs, boots] = [memoryBlobs(), memoryBlobs(), memoryRecords<BootHistory>()];
  const ports = { blobs, logs, boots } satisfies BootPorts;
  /** What becomes of a check whose consoles said this. */
  async function check(run: Run, consoles: readonly (string | undefined)[]): Promise<Signal> {
    const [job] = run.jobs;
    if (!job) throw new Error("there is no job");
    const named = ["console.log", "console-warm.log"].flatMap((name, i) => {
      const text = consoles[i];
      return text === undefined ? [] : [{ name, text }];
    });
    for (const { name, text } of named) await blobs.put(`here/${name}`, text);
    const files = named.map(({ name, text }) => ({ name, size: text.length, sha256: "0".repeat(64) }));
    const facts = { accelerator: "tcg", machine: "q35" };
    const passed = {
      kind: "passed",
      prefix: "here/",
      files,
      facts,
      stage: CHECK,
      attempt: 1,
      at: AT,
    } as const;
    const signal = await judgeBoot(ports, { run, job }, passed);
    const boot = signal.kind === "passed" ? signal.boot : undefined;
    const stages = run.stages.map((stage): Stage =>
      stage.name === CHECK && boot ? { ...stage, state: "passed", endedAt: AT, boot } : stage,
    );
    await rememberBoot(ports, { ...run, stages }, { run: run.id, stage: CHECK, attempt: 1 });
    return signal;
  }
  return { ...ports, check };
}

const at = (seconds: number): string =>
  `1.0 [    0.000000] Linux version 6\n2.0 Welcome to Small!\n${seconds}.0 small login: `;

describe("a boot check", () => {
  test("is a stage between the build and what publishes it", () => {
    const { stages } = runWith({ fail: false });
    expect(stages.map(({ name, kind, pool, needs }) => ({ name, kind, pool, needs })).slice(-2)).toEqual([
      {
        name: CHECK,
        kind: "check",
        pool: "check-trusted-x86_64",
        needs: [{ stage: CHECK.replace("check/", "build/"), be: "passed" }],
      },
      {
        name: "publish/devel",
        kind: "publish",
        pool: "publish",
        needs: [
          { stage: CHECK.replace("check/", "build/"), be: "passed" },
          { stage: CHECK, be: "passed" },
        ],
      },
    ]);
  });

  test("records its times, and the next release is compared with them", async () => {
    const { check, boots, logs } = world();
    const first = runWith({ fail: false });
    expect(await check(first, [at(40), at(30)])).toMatchObject({
      kind: "passed",
      boot: { first: { kernel: 1, init: 2, login: 40 }, warm: { login: 30 }, over: [] },
    });
    const [job] = first.jobs;
    const history = job && (await boots.read(bootsKey(7, job)))?.value;
    expect(history?.boots).toMatchObject([{ channel: "devel", accelerator: "tcg", first: { login: 40 } }]);
    const next = runWith({ slower: 20, fail: false }, "b".repeat(40));
    expect(await check(next, [at(60), at(30)])).toMatchObject({
      kind: "passed",
      boot: { before: { first: { login: 40 } }, over: [{ what: "slower", is: 50, allowed: 20 }] },
    });
    const plot = await logs.get(plotKey(attemptId({ run: next.id, stage: CHECK, attempt: 1 })));
    expect(new TextDecoder().decode(plot?.value)).toMatch(/^<svg .*40\.0 s.*60\.0 s.*<\/svg>\n$/s);
  });

  test("over its budget fails where the rules say so, and is not what later ones are compared with", async () => {
    const { check, boots } = world();
    const run = runWith({ seconds: 60, fail: true });
    const slow = `${at(70)}\n71.0 31.5s wait-online.service`;
    expect(await check(run, [slow, at(30)])).toMatchObject({
      kind: "ended",
      as: "failed",
      because: "It is over its budget: 70.0 s to login, 60.0 s are allowed.\n31.5 s wait-online.service",
    });
    const [job] = run.jobs;
    expect(job && (await boots.read(bootsKey(7, job)))).toBeUndefined();
  });

  test("that sees no login fails with the console's last lines", async () => {
    const { check } = world();
    const panic = "1.0 [    1.000000] Kernel panic - not syncing";
    expect(await check(runWith({ fail: false }), [panic, undefined])).toMatchObject({
      kind: "ended",
      as: "failed",
      because: expect.stringContaining("Kernel panic - not syncing") as string,
    });
  });

  test("of a private repository is drawn for nobody", async () => {
    const { check, logs } = world();
    const run = runWith({ fail: false }, "c".repeat(40), true);
    await check(run, [at(40), at(30)]);
    expect(await logs.list("")).toEqual([]);
  });
});
