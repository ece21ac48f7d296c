import { manPage } from "./almanac.ts";
import { propose, pushMore } from "./propose.ts";
import {
  type CheckRun,
  checkNamed,
  isBuilt,
  jobsOf,
  lineOf,
  remarkedLines,
  say,
  untilAnswer,
  untilChecks,
  WHOLE,
} from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";

/** A build fails: the check shows the lines that say why, the spec has remarks, and comments are answered. */
export const failureChapter: Chapter = {
  name: "A build that fails",
  async play(stage) {
    const { world, town, tell } = stage;
    const { contributor } = town;
    const { first, next } = await manPage();
    tell.step(`carol opens "${first.title}". She has forgotten to install the page.`);
    const pull = await propose(world.github, town, first);
    tell.detail(pull.url);
    await showsWhy(stage, await fails(stage, pull.sha, ""));
    await say(stage, pull, { by: contributor, body: "/why" });
    const why = await untilAnswer(stage, pull, { to: "/why", says: "A pull request was opened" });
    hold(stage, "it says by which rule it was built", why.includes("trusts the author"));
    hold(stage, "it says how it ended", why.includes("ended as failed: The files are not those"));

    await say(stage, pull, { by: contributor, body: "/retry" });
    await untilAnswer(stage, pull, { to: "/retry", says: "Trying again" });
    await fails(stage, pull.sha, "attempt 2");

    tell.step(`It was no bad luck. carol mends it and pushes "${next.title}".`);
    const mended = await pushMore({ github: world.github, town }, pull, next);
    const checks = await untilChecks(stage, mended.sha);
    hold(stage, "it is green", checkNamed(checks, WHOLE)?.conclusion === "success");
  },
};

/** Its jobs, once they all have ended with a check that says this. */
async function fails(stage: Stage, sha: string, words: string): Promise<CheckRun> {
  const has = ({ output }: CheckRun): boolean => (output.summary ?? "").includes(words);
  const checks = await untilChecks(stage, sha, (all) => isBuilt(all) && jobsOf(all).every(has));
  const [job] = jobsOf(checks);
  hold(stage, "the check fails", job?.conclusion === "failure");
  if (!job) throw new Error("there is no check of a job");
  return job;
}

async function showsWhy(stage: Stage, job: CheckRun): Promise<void> {
  const { tell } = stage;
  tell.step("The check shows the part of the log that failed, and the spec has a remark at its line.");
  const summary = job.output.summary ?? "";
  tell.detail(...summary.split("\n"));
  hold(stage, "rpm's error is shown", summary.includes("error: File not found"));
  const line = lineOf((await manPage()).first.files?.[SPEC], "almanac.1*");
  const lines = await remarkedLines(stage, job, SPEC);
  hold(stage, `line ${line} of the spec has a remark`, lines.includes(line));
}

const SPEC = "almanac/almanac.spec";
