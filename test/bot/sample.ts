import type { Telling } from "../../src/bot/check/check.ts";
import { type Asked, laid } from "../pipelines/laid.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Stage } from "../../src/pipelines/stage.ts";

/** A run as people meet it: two recipes on two arches, one of them advisory. */
const wish: Asked = {
  repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
  trigger: { kind: "pull", number: 7, sha: "a".repeat(40), base: "b".repeat(40), branch: "main" },
  zone: "untrusted",
  at: "2026-11-21T10:00:00.000Z",
  recipes: [{ kind: "rpm", name: "greet", path: "greet/greet.spec" }],
  targets: { "debian-12": { x86_64: "required", aarch64: "advisory" } },
};

export const pullRun = laid(wish);
export const pushRun = laid({
  ...wish,
  trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
});

export const [SOURCE, BUILD, ADVISORY] = [
  "source/greet",
  "build/greet/debian-12/x86_64",
  "build/greet/debian-12/aarch64",
] as const;

/** The run with some of its stages changed. */
export const having = (run: Run, changes: Readonly<Record<string, Partial<Stage>>>): Run => ({
  ...run,
  stages: run.stages.map((stage) => ({ ...stage, ...changes[stage.name] })),
});

export const files = [
  { name: "greet-1.0-1.x86_64.rpm", size: 12_345, sha256: "1".repeat(64) },
  { name: "greet-devel-1.0-1.x86_64.rpm", size: 3 * 1024 ** 2, sha256: "2".repeat(64) },
  { name: "greet-1.0-1.src.rpm", size: 999, sha256: "3".repeat(64) },
] as const;

/** What checks tell beside the record. */
export const telling: Telling = {
  logUrl: (attempt) => `https://logs.example/${attempt}`,
  web: "https://github.com",
  imageOf: (target, arch) => `registry.example/roots/${target}:${arch}`,
};
