import { type About, aboutId } from "../bot/about.ts";
import { CONFIG_PATH, type Config, type ConfigProblem } from "../bot/config.ts";
import type { RepoRef } from "../bot/events.ts";
import { findRecipes } from "../bot/recipes.ts";
import { targetsOf } from "../bot/targets.ts";
import { leaveSentence } from "../bot/words/leave.ts";
import { notices } from "../bot/words/notices.ts";
import { everything, plan } from "../pipelines/plan.ts";
import type { Repo, Run, Trigger, Zone } from "../pipelines/run.ts";
import { birth } from "./birth.ts";
import type { DecidePorts, Outcome } from "./decide-ports.ts";
import { refuse, settle } from "./refuse.ts";
import { channelOf } from "./rules-of.ts";

export interface Leave {
  readonly repo: RepoRef;
  readonly about: About;
  readonly trigger: Trigger;
  readonly zone: Zone;
  readonly config: Config;
  readonly leave: Run["leave"];
}

/** From leave to build to a run that exists. */
export async function lay(ports: DecidePorts, of: Leave): Promise<Outcome> {
  const { repo, trigger, zone, config, leave } = of;
  const about = aboutId(of.about);
  const wanted = targetsOf(config, ports.deployment);
  if ("refusal" in wanted)
    return refuse(ports, repo, { about, sha: trigger.sha, conclusion: "failure", ...wanted.refusal });
  const recipes = findRecipes(await ports.github.paths(repo, trigger.sha));
  if (recipes.length === 0)
    return refuse(ports, repo, { about, sha: trigger.sha, conclusion: "neutral", ...notices.noRecipes() });
  const channel = trigger.kind === "push" ? channelOf(config, repo, trigger.branch) : undefined;
  const work = everything(recipes, wanted.targets);
  const asked = { repo: factsOf(repo), trigger, zone, leave, left: [], channel, at: ports.clock(), work };
  const run = plan(asked);
  await birth(ports, run);
  await settle(ports, repo, run);
  return { because: leaveSentence(leave), run: run.id };
}

/** What a run keeps of its repository. */
export const factsOf = ({ id, node, owner, name, installation, private: isPrivate }: RepoRef): Repo => ({
  id,
  node,
  owner,
  name,
  installation,
  private: isPrivate,
});

/** A commit that cannot be judged since the rules cannot be read. */
export const refuseConfig = (
  ports: DecidePorts,
  repo: RepoRef,
  of: { readonly about: About; readonly sha: string; readonly problems: readonly ConfigProblem[] },
): Promise<Outcome> =>
  refuse(ports, repo, {
    about: aboutId(of.about),
    sha: of.sha,
    conclusion: "failure",
    ...notices.config(CONFIG_PATH, of.problems),
  });
