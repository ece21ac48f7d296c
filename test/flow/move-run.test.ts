import { expect, test } from "vitest";
import { birth } from "../../src/flow/birth.ts";
import { type MovePorts, moveRun } from "../../src/flow/move-run.ts";
import type { ReportsMessage, StagesMessage } from "../../src/pipelines/messages.ts";
import { laid } from "../pipelines/laid.ts";
import { type Run, runKey } from "../../src/pipelines/run.ts";
import type { Signal } from "../../src/pipelines/signal.ts";
import { memoryBlobs, memoryQueue, memoryRecords } from "./memory.ts";

const AT = "2026-11-21T10:00:00.000Z";

function world(jobs = 1) {
  const recipes = Array.from(
    { length: jobs },
    (_, i) => ({ kind: "rpm", name: `p${i}`, path: `p${i}.spec` }) as const,
  );
  const run = laid({
    repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
    trigger: { kind: "pull", number: 7, sha: "a".repeat(40), base: "b".repeat(40), branch: "main" },
    zone: "untrusted",
    at: AT,
    recipes,
    targets: { "debian-12": { x86_64: "required" } },
  });
  const ports = {
    runs: memoryRecords<Run>(),
    blobs: memoryBlobs(),
    stages: memoryQueue<StagesMessage>(),
    reports: memoryQueue<ReportsMessage>(),
  };
  return { run, ports, read: async () => (await ports.runs.read(runKey(run.id)))!.value };
}

const started = (stage: string): Signal => ({
  kind: "started",
  build: `b:${stage}`,
  stage,
  attempt: 1,
  at: AT,
});

test("a queue that is down after the write heals when the news comes again", async () => {
  const { run, ports, read } = world();
  await birth(ports, run);
  const broken: MovePorts = { ...ports, reports: { send: () => Promise.reject(new Error("SQS is away")) } };

  await expect(moveRun(broken)(run.id, [started("source/p0")])).rejects.toThrow("SQS is away");
  expect((await read()).stages[0]).toMatchObject({ state: "running" });
  const before = ports.reports.sent.length;
  await moveRun(ports)(run.id, [started("source/p0")]);

  expect(ports.reports.sent.length).toBe(before + 1);
});

test("two who move a run at once are both heard", async () => {
  const { run, ports, read } = world(2);
  await birth(ports, run);

  await Promise.all(["source/p0", "source/p1"].map((name) => moveRun(ports)(run.id, [started(name)])));

  expect((await read()).stages.slice(0, 2).map(({ state }) => state)).toEqual(["running", "running"]);
});

test("a run is born once, whoever asks and however often", async () => {
  const { run, ports } = world();
  await birth(ports, run);
  await moveRun(ports)(run.id, [started("source/p0")]);
  await birth(ports, { ...run, at: "2026-11-22T00:00:00.000Z" });

  const { value } = (await ports.runs.read(runKey(run.id)))!;
  expect(value).toMatchObject({ at: AT, stages: [{ state: "running" }, { state: "waiting" }] });
  expect(ports.runs.all.size).toBe(1);
});

test("messages of a run of 400 jobs grow with its signals, not with jobs times signals", async () => {
  const { run, ports } = world(400);
  await birth(ports, run);
  const news = run.stages
    .filter(({ kind }) => kind === "source")
    .map(({ name }) => ({ kind: "passed", prefix: "", files: [], stage: name, attempt: 1, at: AT }) as const);
  for (const signal of news) await moveRun(ports)(run.id, [signal]);

  const messages = ports.stages.sent.length + ports.reports.sent.length;
  // Per signal: a wake-up for each of the two pools, and one report.
  expect(messages).toBeLessThanOrEqual((news.length + 1) * 3);
});

test("a run that nobody knows is not made up", async () => {
  const { ports } = world();
  expect(await moveRun(ports)("1/pull/9/none", [started("source/p0")])).toBeUndefined();
});
