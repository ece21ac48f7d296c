import type { Run } from "../../src/pipelines/run.ts";
import { runKey } from "../../src/pipelines/run.ts";
import type { Theatre } from "./theatre.ts";
import type { Village } from "./village.ts";

/** All that is wrong with a story in which a pull request was built, then merged and published. */
export async function wrongs(
  { state, builds }: Theatre,
  village: Village,
  { pull, push }: { readonly pull: Run; readonly push: Run },
): Promise<readonly string[]> {
  const found: string[] = [];
  const demand = (what: string, is: unknown, wanted: unknown) => {
    const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
    if (a !== b) found.push(`${what}: ${a} in place of ${b}`);
  };
  const job = "rpm:greet:debian-12-x86_64";
  demand("checks of the pull request", await checksAt(village, pull), [
    ...(pull.channel ? [`channel:${pull.channel} success`] : []),
    "millwright success",
    `${job} success`,
  ]);
  demand("checks of the merge", await checksAt(village, push), [
    "millwright success",
    "publish:devel success",
    `${job} success`,
  ]);
  demand("comments", await comments(village, pull), 1);
  const started = [...builds.of(`${village.id}/`)].map(([attempt, made]) => `${attempt} x ${made.size}`);
  const attempts = [pull, push].flatMap((run) => run.stages.map(({ name }) => `${run.id}#${name}#1 x 1`));
  demand("builds", started.toSorted(), attempts.toSorted());
  const channel = `${village.owner}/packages/devel`;
  const snapshots = await state.keys("MirrorBucket", `${channel}/snapshots/`);
  demand("snapshots", snapshots.length, 1);
  demand("pointer", await state.text("MirrorBucket", `${channel}/pointer`), push.id);
  demand("records", await state.keys("StateBucket", `runs/${village.id}/`), [
    runKey(pull.id),
    runKey(push.id),
  ]);
  return found;
}

/** Names and conclusions of all check runs that we wrote at a commit: a doubled one would be seen. */
async function checksAt({ octokit, owner, repo }: Village, { trigger }: Run): Promise<readonly string[]> {
  const { data } = await octokit.rest.checks.listForRef({ owner, repo, ref: trigger.sha, filter: "all" });
  return data.check_runs.map(({ name, conclusion }) => `${name} ${conclusion}`).toSorted();
}

async function comments({ octokit, owner, repo }: Village, { trigger }: Run): Promise<number> {
  if (trigger.kind !== "pull") return 0;
  const { data } = await octokit.rest.issues.listComments({ owner, repo, issue_number: trigger.number });
  return data.length;
}
