import { checksOf } from "../../src/bot/check/check.ts";
import { leftTooLong } from "../../src/bot/words/forecast.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { ADVISORY, BUILD, files, having, pullRun, SOURCE, telling } from "./sample.ts";

const AT = "2026-11-21T10:00:00.000Z";
const passed = { state: "passed", files, build: "b:1" } as const;
const atNight = {
  ...pullRun,
  left: [
    leftTooLong({
      work: {
        recipe: { kind: "rpm", name: "browser", path: "browser.spec" },
        target: "debian-12",
        arch: "s390x",
        tier: "advisory",
      },
      seconds: 72_000,
      limit: 25_200,
    }),
  ],
  jobs: pullRun.jobs.map((job) =>
    job.tier === "advisory"
      ? { ...job, notBefore: "2026-11-21T22:00:00.000Z", endsBy: "2026-11-22T06:00:00.000Z" }
      : job,
  ),
};
const waiting = having(atNight, { [SOURCE]: passed, [BUILD]: passed, [ADVISORY]: { state: "ready" } });
const begun = having(atNight, {
  [SOURCE]: passed,
  [BUILD]: passed,
  [ADVISORY]: { state: "running", build: "b:3", startedAt: AT },
});

const checks = (run: Run): string =>
  checksOf(run, telling)
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n");

/** What is said of builds that begin and end when a deployment's patience says. */
export const forecastPages: Readonly<Record<string, string>> = {
  "A pull request whose advisory build waits for the night": checks(waiting),
  "An advisory build that has begun": checks(begun),
};
