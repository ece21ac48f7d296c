import type { Config } from "../../bot/config/config.ts";
import { workForChannel } from "../../bot/work/emulation.ts";
import type { BotEvent, RepoRef } from "../../bot/events.ts";
import { type Choice, chosen } from "../../bot/work/work.ts";
import { ledger } from "../../bot/words/ledger.ts";
import {
  type Inputs,
  isPublished,
  isSameInputs,
  type Release,
  runIdOf,
} from "../../pipelines/release/release.ts";
import { layersKey } from "../../pipelines/layer.ts";
import { plan, type Work } from "../../pipelines/plan.ts";
import { isAlone, rootOf } from "../../pipelines/root.ts";
import { runKey } from "../../pipelines/run.ts";
import { toolsKey } from "../../pipelines/toolchain.ts";
import { birth } from "../birth.ts";
import { forecastWork, readCommit } from "./choose-work.ts";
import type { DecidePorts, Outcome } from "./ports.ts";
import { bindLayers } from "./bind-layers.ts";
import { followAliases } from "./follow-aliases.ts";
import { withKnownNeeds } from "./known-needs.ts";
import { factsOf } from "./lay.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { stopIfBack } from "./stop-nights.ts";
import { type NumberPorts, releasesOf, takeNumber } from "./take-number.ts";

type NightCame = Extract<BotEvent, { kind: "night-came" }>;
type Ports = DecidePorts & NumberPorts;

/** A nightly channel's hour has come: all of its branch is built, unless nothing changed since the last one. */
export async function decideNight(ports: Ports, event: NightCame): Promise<Outcome> {
  const { repo, channel } = event;
  const [config, before] = await Promise.all([rulesOf(ports, repo), ofNight(ports, event)]);
  if (!isConfig(config)) return { because: ledger.rulesBroken };
  const branch = before?.branch ?? nightlyBranch(config.channels, channel);
  if (branch === undefined) return { because: ledger.notNightly(channel) };
  const head = await ports.github.branch(repo, branch);
  if (!head) return { because: ledger.gone };
  if (!head.isProtected) return { because: ledger.notProtected(branch) };
  const sha = before?.inputs.sha ?? head.sha;
  const commit = await readCommit(ports, { repo, trigger: { kind: "push", branch, sha }, config });
  if ("refusal" in commit) return { because: commit.refusal.title };
  const choice = chosen(commit);
  const bare = workForChannel(config, channel, choice.work);
  const night = { kind: "nightly", channel, branch, sha, number: before?.number ?? "" } as const;
  const bound = await bindLayers(ports, { repo, config, trigger: night, known: undefined }, bare);
  const work = await withKnownNeeds(ports, { repo, config, branch }, bound);
  return build(ports, event, { config, before, branch, sha, choice: { ...choice, work } });
}

interface Found {
  readonly config: Config;
  readonly before: Release | undefined;
  readonly branch: string;
  readonly sha: string;
  readonly choice: Choice;
}

async function build(
  ports: Ports,
  { repo, channel, night }: NightCame,
  { config, before, branch, sha, choice: { work, left } }: Found,
): Promise<Outcome> {
  if (work.length === 0) return { because: ledger.nothing };
  const inputs = inputsOf(ports, { sha, channel }, work);
  // What depends on more than the commit tells by itself whether it changed.
  const mayDiffer = before !== undefined || work.some(isAlone);
  const same = mayDiffer ? undefined : await unchangedSince(ports, { repo, channel, inputs });
  if (same) return { because: ledger.unchanged(same.number) };
  const at = ports.clock();
  const asked = { v: 1, channel, repo: factsOf(repo), asked: askedBy(night), at, branch, inputs } as const;
  const release = before ?? (await takeNumber(ports, asked));
  const planned = await forecastWork(ports, repo, work);
  const id = runIdOf(release);
  const known = (await ports.runs.read(runKey(id)))?.value;
  const run = plan({
    repo: release.repo,
    trigger: { kind: "nightly", channel, branch, sha, number: release.number },
    zone: "trusted",
    leave: { rule: "nightly" },
    left: [...left, ...planned.left],
    aliases: await followAliases(ports, { repo, config, known, id }),
    channel,
    at: release.at,
    work: planned.work,
  });
  await birth(ports, run);
  await stopIfBack(ports, release);
  return { because: ledger.night(release.number), run: run.id };
}

const askedBy = (night: string): string => `night ${night}`;

const nightlyBranch = (channels: Config["channels"], name: string): string | undefined => {
  const channel = channels?.[name];
  return channel?.nightly === undefined ? undefined : channel.branch;
};

/** What this very night took already, should the event come again: numbers of a day are few. */
async function ofNight(ports: Ports, { repo, channel, night }: NightCame): Promise<Release | undefined> {
  let looked = 0;
  for await (const release of releasesOf(ports, repo.id, channel)) {
    if (release.asked === askedBy(night)) return release;
    if ((looked += 1) > LOOKED) return undefined;
  }
  return undefined;
}

const LOOKED = 5;

/** What the channel itself has is no news: each night changes it. */
const inputsOf = (
  { deployment }: Ports,
  { sha, channel }: { readonly sha: string; readonly channel: string },
  work: readonly Work[],
): Inputs => ({
  sha,
  jobs: work.map((one) => {
    const { recipe, target, arch } = one;
    const below = one.layers?.filter((layer) => layer.channel !== channel);
    const tools = [toolsKey(one.tools), layersKey(below)].filter((part) => part !== "").join("+");
    const image = rootOf(deployment.targets, one);
    const more = { ...(image !== undefined && { image }), ...(tools !== "" && { tools }) };
    return { recipe, target, arch, ...more };
  }),
});

/** The newest release that was published, if it was made of the same. */
async function unchangedSince(
  ports: Ports,
  { repo, channel, inputs }: { readonly repo: RepoRef; readonly channel: string; readonly inputs: Inputs },
): Promise<Release | undefined> {
  for await (const release of releasesOf(ports, repo.id, channel)) {
    // What was taken back stays so until there is something new.
    if (release.of !== undefined) continue;
    if (!isSameInputs(release.inputs, inputs)) return undefined;
    const run = (await ports.runs.read(runKey(runIdOf(release))))?.value;
    if (run && isPublished(run)) return release;
  }
  return undefined;
}
