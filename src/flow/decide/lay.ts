import { type About, aboutId } from "../../bot/check/about.ts";
import { CONFIG_PATH, type Config, type ConfigProblem } from "../../bot/config/config.ts";
import { workForChannel } from "../../bot/work/emulation.ts";
import type { RepoRef } from "../../bot/events.ts";
import { chosen, type Wanted, wantedWork } from "../../bot/work/work.ts";
import { leaveSentence } from "../../bot/words/leave.ts";
import { notices } from "../../bot/words/notices.ts";
import { plan, type Work } from "../../pipelines/plan.ts";
import type { Repo } from "../../pipelines/repo.ts";
import { type Run, runId, runKey, type Trigger, type Zone } from "../../pipelines/run.ts";
import { birth } from "../birth.ts";
import { bindLayers } from "./bind-layers.ts";
import { followAliases, laidAliases } from "./follow-aliases.ts";
import { forecastWork, readCommit } from "./choose-work.ts";
import { withKnownNeeds } from "./known-needs.ts";
import { lookBehind } from "./look-behind.ts";
import { updatingOf } from "./own-work.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { refuse, settle } from "./refuse.ts";
import { channelFor } from "../rules-of.ts";

export interface Leave {
  readonly repo: RepoRef;
  readonly about: About;
  readonly trigger: Trigger;
  readonly zone: Zone;
  readonly config: Config;
  readonly leave: Run["leave"];
  /** Asked for in a comment; absent: what the commit touches. */
  readonly wanted?: Wanted | undefined;
}

/** From leave to build to a run that exists. */
export async function lay(ports: DecidePorts, of: Leave): Promise<Outcome> {
  const { repo, trigger, zone, leave } = of;
  const about = aboutId(of.about);
  const known = await ports.runs.read(runKey(runId(repo, trigger)));
  const config = laidAliases(of.config, known?.value);
  const { sha } = trigger;
  const commit = await readCommit(ports, { repo, trigger, config, leave });
  if ("refusal" in commit)
    return refuse(ports, repo, { about, sha, conclusion: "failure", ...commit.refusal });
  const { work: touched, left: unbuilt } = chosen(commit);
  const bare = of.wanted ? wantedWork(commit, of.wanted) : touched;
  const built = new Set(bare.map(({ recipe }) => recipe.name));
  const left = unbuilt.filter(({ what }) => !built.has(what));
  if (bare.length === 0)
    return refuse(ports, repo, { about, sha, conclusion: "neutral", ...notices.nothing(left) });
  const channel = channelFor({ config, repo, deployment: ports.deployment }, trigger);
  const found = { repo, config, trigger, known: known?.value, channel };
  const { work, left: slow } = await boundWork(ports, found, bare);
  const all = [...left, ...slow];
  if (work.length === 0)
    return refuse(ports, repo, { about, sha, conclusion: "neutral", ...notices.nothing(all) });
  const asked = { repo: factsOf(repo), trigger, zone, leave, left: all, channel, at: ports.clock(), work };
  const aliases = await followAliases(ports, { repo, config, known: known?.value, id: runId(repo, trigger) });
  const { paths } = commit;
  const touches = trigger.kind === "pull" ? await lookBehind(ports, { repo, work, paths }) : undefined;
  const updating = await updatingOf(ports, of);
  const run = { ...plan({ ...asked, aliases, updating }), ...(touches && { touches }) };
  // Before anybody reports of the run: who would write its check at the same time would write a second one.
  await settle(ports, repo, known?.value ?? run);
  await birth(ports, run);
  return { because: leaveSentence(leave), run: run.id };
}

interface Found {
  readonly repo: RepoRef;
  readonly config: Config;
  readonly trigger: Trigger;
  readonly known: Run | undefined;
  readonly channel: string | undefined;
}

/** With all that it is bound to, and how long it is expected to take. */
async function boundWork(
  ports: DecidePorts,
  { repo, config, trigger, known, channel }: Found,
  bare: readonly Work[],
): ReturnType<typeof forecastWork> {
  const bound = await bindLayers(ports, { repo, config, trigger, known }, bare);
  const { work, left } = await forecastWork(ports, repo, workForChannel(config, channel, bound));
  if (trigger.kind !== "push") return { work, left };
  return { work: await withKnownNeeds(ports, { repo, config, branch: trigger.branch }, work), left };
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
