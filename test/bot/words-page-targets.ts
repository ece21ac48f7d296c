import { layers } from "../../src/bot/words/layers.ts";
import { targets } from "../../src/bot/words/targets.ts";

const aliases = { "leap-latest": "leap-16.0" };

const TARGETS: Readonly<Record<keyof typeof targets, string>> = {
  shown: targets.shown("leap-latest", "leap-16.0"),
  unknown: `${targets.unknown(["leap-16.0"], {})}\n${targets.unknown(["leap-16.0"], aliases)}`,
  ended: targets.ended("leap", ["debian-12"]),
  noToolchain: `${targets.noToolchain("leap-16.0", [])}\n${targets.noToolchain("leap-16.0", ["go"])}`,
  noVersion: targets.noVersion("leap-16.0-x86_64", {
    name: "go",
    range: ">=1.23",
    here: ["1.21.3", "1.22.5"],
  }),
  tools: targets.tools([{ name: "go", version: "1.22.5", packages: [] }]),
  moved: targets.moved([{ alias: "leap-latest", target: "leap-16.0", was: "leap-15.6" }]),
};

const LAYERS: Readonly<Record<keyof typeof layers, string>> = {
  unknown: layers.unknown("devl", ["devel", "release"]),
  itself: layers.itself,
  cycle: layers.cycle("devel"),
  on: layers.on([
    { channel: "home", snapshot: 1, repomd: "" },
    { channel: "devel", snapshot: 12, repomd: "" },
  ]),
};

/** What is said of targets, and of channels that stand over others. */
export const targetPages = () => ({
  "Targets and their aliases": Object.values(TARGETS).join("\n"),
  "Channels that stand over others": Object.values(LAYERS).join("\n"),
});
