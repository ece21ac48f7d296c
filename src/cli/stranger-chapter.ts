import { evening } from "./almanac.ts";
import { propose, pushMore } from "./propose.ts";
import { checkNamed, checksOn, type CheckRun, jobsOf, say, untilAnswer, untilChecks, WHOLE } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";

/** A pull request by somebody nobody knows is built once a committer ACKs the very commit. */
export const strangerChapter: Chapter = {
  name: "A stranger's fork",
  async play(stage) {
    const { world, town, tell } = stage;
    const { stranger, maintainer } = town;
    const { first, next } = await evening();
    tell.step(`sam, whom nobody here knows, opens a pull request from a fork: "${first.title}".`);
    const pull = await propose(world.github, town, { ...first, by: stranger });
    tell.detail(pull.url);
    const check = await waits(stage, pull.sha);

    await say(stage, pull, { by: stranger, body: "/ack" });
    await untilAnswer(stage, pull, { to: "/ack", says: "Not done: only committers" });
    hold(stage, "strangers cannot ACK: it still waits", (await whole(stage, pull.sha)) === "action_required");

    tell.step(`maria reads the change and presses "ACK and build" on the check.`);
    tell.detail(`${pull.url}/files`, `${pull.url}/checks`);
    await world.github.admin.pressButton(check.id, "ack", maintainer.login);
    const checks = await untilChecks(stage, pull.sha);
    hold(stage, "it is built, and green", checkNamed(checks, WHOLE)?.conclusion === "success");

    tell.step(`sam pushes again: "${next.title}", by a scriptlet that would run as root.`);
    const more = await pushMore({ github: world.github, town }, pull, { ...next, by: stranger });
    const { output } = await waits(stage, more.sha);
    hold(stage, "the scriptlet is named as riskier", (output.summary ?? "").includes("`%post`"));
  },
};

/** The check that asks for a committer; it comes with nothing built. */
async function waits(stage: Stage, sha: string): Promise<CheckRun> {
  const asks = (checks: readonly CheckRun[]) => checkNamed(checks, WHOLE)?.status === "completed";
  const checks = await untilChecks(stage, sha, asks);
  const check = checkNamed(checks, WHOLE);
  stage.tell.detail(...(check?.output.summary ?? "").split("\n"));
  hold(stage, "the check says action_required", check?.conclusion === "action_required");
  hold(stage, "nothing is built", jobsOf(checks).length === 0);
  if (!check) throw new Error("there is no check");
  return check;
}

const whole = async (stage: Stage, sha: string) => checkNamed(await checksOn(stage, sha), WHOLE)?.conclusion;
