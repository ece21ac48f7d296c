import { targets } from "../../src/bot/words/targets.ts";

const aliases = { "leap-latest": "leap-16.0" };

const TARGETS: Readonly<Record<keyof typeof targets, string>> = {
  shown: targets.shown("leap-latest", "leap-16.0"),
  unknown: `${targets.unknown(["leap-16.0"], {})}\n${targets.unknown(["leap-16.0"], aliases)}`,
  ended: targets.ended("leap", ["debian-12"]),
  moved: targets.moved([{ alias: "leap-latest", target: "leap-16.0", was: "leap-15.6" }]),
};

/** What is said of targets. */
export const targetPages = () => ({ "Targets and their aliases": Object.values(TARGETS).join("\n") });
