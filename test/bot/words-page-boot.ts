import { bootSummary, bootTitle, boots } from "../../src/bot/words/boot.ts";
import { packagesSummary } from "../../src/bot/words/image-packages.ts";
import type { Booted } from "../../src/pipelines/boot/booted.ts";

const booted: Booted = {
  accelerator: "tcg",
  machine: "q35",
  first: { kernel: 4.06, init: 9.1, network: 12.34, login: 70, ok: 71.2 },
  warm: { kernel: 4, init: 8, login: 30 },
  startup: 66.4,
  slowest: [{ unit: "wait-online.service", seconds: 31.5 }],
  before: { at: "2026-11-20T10:00:00.000Z", number: "20261120_01", first: { login: 50 } },
  over: [
    { what: "seconds", is: 70, allowed: 60 },
    { what: "slower", is: 40, allowed: 20 },
  ],
};
const { before: _before, warm: _warm, startup: _startup, ...once } = booted;
const first: Booted = { ...once, slowest: [], over: [] };

const since = { before: "1#build#1", at: "2026-11-20T10:00:00.000Z" };

/** What is said of an image's packages and boots. */
export const bootPages = (): Readonly<Record<string, string>> => ({
  "An image that boots": [
    `### ${bootTitle(booted)}`,
    bootSummary(booted, "https://logs.example/1.boot.svg"),
    `### ${bootTitle(first)}`,
    bootSummary(first, undefined),
  ].join("\n\n"),
  "An image that does not boot, or not as it is to": [
    ...(["login", "warm login", "ok"] as const).map((missed) =>
      boots.missed({ missed, lines: ["3.1 Kernel panic - not syncing"] }),
    ),
    boots.missed({ missed: "wish", complaint: "no sshd" }),
    boots.over(booted),
    boots.thisOne,
  ].join("\n"),
  "An image, beside the one built before": [
    packagesSummary({ ...since, changes: [], count: 0 }),
    packagesSummary({ ...since, changes: [{ name: "zstd.x86_64", is: "1.5-1" }], count: 1 }),
    packagesSummary({
      ...since,
      changes: [
        { name: "bash.x86_64", was: "5.1-1", is: "5.2-1" },
        { name: "perl.noarch", was: "5.36-7" },
      ],
      count: 50,
    }),
  ].join("\n\n"),
});
