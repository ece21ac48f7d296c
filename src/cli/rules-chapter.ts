import type { RootArch } from "../local/distribution/build-root.ts";
import { propose, pushMore } from "./propose.ts";
import { type CheckRun, checkNamed, lineOf, remarkedLines, untilChecks } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";
import { rulesOf } from "./town.ts";

const CONFIG = ".millwright.yml";
const CHECK = "millwright:config";

/** A pull request changes the rules: a mistake is shown where it is, and what would change is shown before it does. */
export const rulesChapter = ([native = "x86_64"]: readonly RootArch[], rules: string): Chapter => ({
  name: "New rules",
  async play(stage) {
    const { world, town, tell } = stage;
    const { contributor } = town;
    const text = (tier: string): string =>
      `${rulesOf(town, rules)}committers: [${contributor.id}]\ntargets:\n  debian-12:\n    ${native}: ${tier}\n`;
    const change = { branch: "rules", title: "Our targets, and carol's ACK counts" };
    tell.step(`carol proposes other rules and mistypes one: "${change.title}".`);
    const wrong = text("requird");
    const pull = await propose(world.github, town, { ...change, files: { [CONFIG]: wrong } });
    tell.detail(pull.url);
    const line = lineOf(wrong, "requird");
    const check = await told(stage, pull.sha);
    hold(stage, "the check fails", check.conclusion === "failure");
    hold(
      stage,
      `line ${line} of the file has a remark`,
      (await remarkedLines(stage, check, CONFIG)).includes(line),
    );
    hold(stage, "it says what was meant", (check.output.summary ?? "").includes("Did you mean `required`?"));

    tell.step("carol mends it. Now the check shows the plan: what the rules would change, once merged.");
    const files = { [CONFIG]: text("required") };
    const mended = await pushMore({ github: world.github, town }, pull, {
      ...change,
      title: "required",
      files,
    });
    const plan = await told(stage, mended.sha);
    hold(stage, "the check is green", plan.conclusion === "success");
    const hasPerson = (plan.output.summary ?? "").includes(`${contributor.id}`);
    hold(stage, "whoever would have a say is named", hasPerson);
  },
});

async function told(stage: Stage, sha: string): Promise<CheckRun> {
  const checks = await untilChecks(stage, sha, (all) => checkNamed(all, CHECK)?.status === "completed");
  const check = checkNamed(checks, CHECK);
  if (!check) throw new Error(`there is no check ${CHECK}`);
  stage.tell.detail(...(check.output.summary ?? "").split("\n"));
  return check;
}
