import { CONFIG_PATH, type Config, type ConfigProblem, readConfig } from "../bot/config.ts";
import type { BotEvent, RepoRef } from "../bot/events.ts";
import { findRecipes } from "../bot/recipes.ts";
import { targetsOf } from "../bot/targets.ts";
import { mayBuild, zoneOf } from "../bot/trust.ts";
import { ledger } from "../bot/words/ledger.ts";
import { notices } from "../bot/words/notices.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import { branchKey, type Newest, pullKey } from "../pipelines/newest.ts";
import { plan } from "../pipelines/plan.ts";
import type { Run, Trigger, Zone } from "../pipelines/run.ts";
import type { Clock, GitHub, Pull, Records } from "../ports.ts";
import { birth } from "./birth.ts";
import type { MovePorts } from "./move-run.ts";
import { refuse, settle } from "./refuse.ts";
import { succeed } from "./succeed.ts";

export interface DecidePorts extends MovePorts {
  readonly github: Pick<GitHub, "pull" | "branch" | "paths" | "file" | "canWrite" | "shown" | "show">;
  readonly newest: Records<Newest>;
  readonly deployment: Deployment;
  readonly clock: Clock;
}

/** What became of an event, for the ledger. */
export interface Outcome {
  readonly because: string;
  readonly run?: string;
}

type PullChanged = Extract<BotEvent, { kind: "pull-changed" }>;
type BranchPushed = Extract<BotEvent, { kind: "branch-pushed" }>;

/** A pull request changed: what counts is what GitHub says of it now. */
export async function decidePull(ports: DecidePorts, { repo, number }: PullChanged): Promise<Outcome> {
  const pull = await ports.github.pull(repo, number);
  if (!pull) return { because: ledger.gone };
  if (!pull.isOpen) return { because: ledger.notOpen };
  const { sha, base } = pull;
  const trigger: Trigger = { kind: "pull", number, sha, base: base.sha, branch: base.branch };
  const config = await configOf(ports, repo);
  if (!isConfig(config)) return refuse(ports, repo, { sha, ...wrongConfig(config) });
  const leave = await leaveFor(ports, { repo, pull, config });
  if (!leave.may) {
    const outcome = await refuse(ports, repo, {
      sha,
      conclusion: "action_required",
      ...notices.untrusted(leave.rule),
    });
    await succeed(ports, pullKey(repo.id, number), { v: 1, sha });
    return outcome;
  }
  const outcome = await lay(ports, { repo, trigger, zone: "untrusted", config, rule: leave.rule });
  await succeed(ports, pullKey(repo.id, number), { v: 1, sha, ...(outcome.run && { run: outcome.run }) });
  return outcome;
}

async function leaveFor({ github }: DecidePorts, claim: { repo: RepoRef; pull: Pull; config: Config }) {
  const { repo, pull, config } = claim;
  const canWrite = await github.canWrite(repo, pull.author);
  return mayBuild({ author: pull.author.id, canWrite, trusted: config.trusted });
}

/** A branch moved: it is built where a channel is fed by it, and trusted only where it is protected. */
export async function decideBranch(ports: DecidePorts, { repo, branch }: BranchPushed): Promise<Outcome> {
  const head = await ports.github.branch(repo, branch);
  if (!head) return { because: ledger.gone };
  const config = await configOf(ports, repo);
  const isFed = !isConfig(config) || channelOf(config, repo, branch) !== undefined;
  if (!isFed) {
    // The sweep looks at the default branch: it must know that this commit was decided about.
    if (branch === repo.defaultBranch)
      await succeed(ports, branchKey(repo.id, branch), { v: 1, sha: head.sha });
    return { because: ledger.noChannel(branch) };
  }
  if (!isConfig(config)) return refuse(ports, repo, { sha: head.sha, ...wrongConfig(config) });
  const trigger: Trigger = { kind: "push", branch, sha: head.sha };
  const zone = zoneOf(head);
  const rule = zone === "trusted" ? ledger.isProtected(branch) : ledger.notProtected(branch);
  const outcome = await lay(ports, { repo, trigger, zone, config, rule });
  await succeed(ports, branchKey(repo.id, branch), { v: 1, sha: head.sha });
  return outcome;
}

interface Plan {
  readonly repo: RepoRef;
  readonly trigger: Trigger;
  readonly zone: Zone;
  readonly config: Config;
  readonly rule: string;
}

/** From leave to build to a run that exists. */
async function lay(ports: DecidePorts, { repo, trigger, zone, config, rule }: Plan): Promise<Outcome> {
  const wanted = targetsOf(config, ports.deployment);
  if ("refusal" in wanted)
    return refuse(ports, repo, { sha: trigger.sha, conclusion: "failure", ...wanted.refusal });
  const { targets } = wanted;
  const recipes = findRecipes(await ports.github.paths(repo, trigger.sha));
  if (recipes.length === 0)
    return refuse(ports, repo, { sha: trigger.sha, conclusion: "neutral", ...notices.noRecipes() });
  const channel = trigger.kind === "push" ? channelOf(config, repo, trigger.branch) : undefined;
  const { id, owner, name, installation } = repo;
  const facts = { id, owner, name, installation, private: repo.private };
  const run: Run = plan({ repo: facts, trigger, zone, channel, at: ports.clock(), recipes, targets });
  await birth(ports, run);
  await settle(ports, repo, trigger.sha);
  return { because: rule, run: run.id };
}

async function configOf({ github }: DecidePorts, repo: RepoRef): Promise<Config | readonly ConfigProblem[]> {
  return readConfig((await github.file(repo, CONFIG_PATH, repo.defaultBranch)) ?? "");
}

const isConfig = (config: Config | readonly ConfigProblem[]): config is Config => !Array.isArray(config);

const wrongConfig = (problems: readonly ConfigProblem[]) =>
  ({ conclusion: "failure", ...notices.config(CONFIG_PATH, problems) }) as const;

function channelOf(config: Config, repo: RepoRef, branch: string): string | undefined {
  // The mirror is public: of a private repository only what its rules name is published.
  const usual = repo.private ? {} : { devel: { branch: repo.defaultBranch } };
  const channels = config.channels ?? usual;
  return Object.entries(channels).find(([, channel]) => channel.branch === branch)?.[0];
}
