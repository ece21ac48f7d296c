import { checksOf } from "../../src/bot/check/check.ts";
import { whyRebuilt } from "../../src/bot/words/rebuilds.ts";
import type { Made } from "../../src/pipelines/graph/made.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { BUILD, files, having, pushRun, SOURCE, telling } from "./sample.ts";

const SHA = "a".repeat(40);
const trigger = {
  kind: "rebuild",
  branch: "main",
  sha: SHA,
  since: pushRun.at,
  step: 2,
  reach: "transitive",
} as const;
const passed = { state: "passed", files, build: "b:1" } as const;
const again = { needs: "1".repeat(64), after: { "zlib/zlib.spec": 1, "libpng/libpng.spec": 3 } };
const step: Run = {
  ...having(pushRun, { [SOURCE]: passed, [BUILD]: passed }),
  id: `1/rebuild/main/${SHA}/2`,
  trigger,
  leave: { rule: "rebuild" },
  jobs: pushRun.jobs.map((job) => ({ ...job, again })),
};

const made: Made = {
  kind: "rpm",
  name: "greet",
  from: `${pushRun.id}#${BUILD}#1`,
  at: pushRun.at,
  list: "",
  provides: [],
  requires: [],
  builds: [],
  output: "",
};
const asked = { recipe: "greet", channel: "devel" };
const after = ["zlib/zlib.spec"];
const PLACE = "debian-12-x86_64";

/** What is said of what is built again since something that it needs became another. */
export const rebuildPages = (): Readonly<Record<string, string>> => ({
  "The check of what is built again": checksOf(step, telling)
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n"),
  "Why a recipe was built again, or not": [
    whyRebuilt.unknown(asked),
    whyRebuilt.off(asked),
    whyRebuilt.last(PLACE, made),
    whyRebuilt.last(PLACE, { ...made, again: { run: step.id, after, same: true } }),
    whyRebuilt.last(PLACE, { ...made, again: { run: step.id, after, same: false } }),
    whyRebuilt.due(PLACE, after),
    whyRebuilt.asked(PLACE, step.id, after),
    whyRebuilt.rest(PLACE),
  ].join("\n"),
});
