import { setTimeout as pause } from "node:timers/promises";
import { allRuns } from "../../src/cli/runs.ts";
import type { Stack } from "../../src/local/stack.ts";
import { isClosed } from "../../src/pipelines/next.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { isOver } from "../../src/pipelines/stage.ts";

/** Every required job passed, and so did publishing where there was some. */
export function isGreen(run: Run): boolean {
  const required = new Set(
    run.jobs.filter(({ tier }) => tier === "required").flatMap(({ source, build }) => [source, build]),
  );
  return run.stages
    .filter(({ name, kind }) => required.has(name) || kind === "publish")
    .every((stage) => isOver(stage) && stage.state === "passed");
}

/** Where the run's publish stage says that its channel is. */
export function mirrorOf(run: Run): { readonly repoUrl: string; readonly keyUrl: string } | undefined {
  const facts = run.stages.find(({ kind, state }) => kind === "publish" && state === "passed")?.facts ?? {};
  const repoUrl = Object.entries(facts).find(([name]) => name.startsWith("repository for "))?.[1];
  return repoUrl === undefined
    ? undefined
    : { repoUrl, keyUrl: new URL("RPM-GPG-KEY-millwright", repoUrl).href };
}

/** Waits until the run of a commit has ended and GitHub shows it. */
export async function runOf(stack: Stack, sha: string): Promise<Run> {
  for (let waited = 0; waited < WAIT_SECONDS; waited += 0.5) {
    const run = (await allRuns(stack)).find(({ trigger }) => trigger.sha === sha);
    if (run && isClosed(run)) return run;
    await pause(500);
  }
  throw new Error(`the run of ${sha} has not come to its end in ${WAIT_SECONDS} s`);
}

const WAIT_SECONDS = 1800;
