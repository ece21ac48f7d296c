import type { Promoted } from "../bot/config-promotions.ts";
import type { RepoRef } from "../bot/events.ts";
import { promotions } from "../bot/words/promotion.ts";
import { hasEnded } from "../pipelines/next.ts";
import { plan, type Work } from "../pipelines/plan.ts";
import { type Before, promotionGate, type Refusal } from "../pipelines/promotion-gate.ts";
import {
  type Inputs,
  isNumber,
  isPublished,
  type Release,
  releaseKey,
  runIdOf,
} from "../pipelines/release.ts";
import { type Job, type Run, runKey, type Trigger } from "../pipelines/run.ts";
import { birth } from "./birth.ts";
import { withExpected } from "./choose-work.ts";
import type { DecidePorts } from "./decide-ports.ts";
import { factsOf } from "./lay.ts";
import { moveRun } from "./move-run.ts";
import { type NumberPorts, releasesOf } from "./take-number.ts";

export type PromotionPorts = DecidePorts & NumberPorts;

/** Somebody asks for release `number` of `to.from` to come to `to.channel`. */
export interface Promotion {
  readonly repo: RepoRef;
  readonly to: Promoted;
  readonly number: string;
  /** The tag that asks, with the commit that it names now. */
  readonly tag?: { readonly name: string; readonly sha: string };
  /** The login of the committer who commands it. */
  readonly by?: string;
}

/** The run that builds it, or every rule that forbids it. */
export type Promoting = { readonly run: Run } | { readonly refusals: readonly Refusal[] };

/**
 * An accepted release comes to another channel under the same number: once, whoever asks first, and however often. All of
 * it is built again without the release suffix, in the trusted zone, from the same commit and of the same jobs.
 */
export async function promote(ports: PromotionPorts, asked: Promotion): Promise<Promoting> {
  const { repo, to, number } = asked;
  if (!isNumber(number)) return { refusals: [{ rule: "known" }] };
  const key = releaseKey(repo.id, to.channel, number);
  const there = (await ports.releases.read(key))?.value;
  if (there) return goOn(ports, asked, there);
  const facts = await gather(ports, asked);
  const refusals = promotionGate(facts);
  const { release: source, run: tested } = facts;
  if (refusals.length > 0 || !source || !tested) return { refusals };
  const inputs = inputsNow(ports, source.inputs);
  const wanted: Release = {
    v: 1,
    number,
    channel: to.channel,
    from: to.from,
    repo: factsOf(repo),
    asked: `promotion of ${to.from} ${number}`,
    at: facts.at,
    branch: source.branch,
    inputs,
  };
  await ports.releases.create(key, wanted);
  // Read back: if somebody was faster, theirs is the promotion.
  const taken = (await ports.releases.read(key))?.value ?? wanted;
  return goOn(ports, asked, taken);
}

/** What was let pass before is built, and stays what it was: a tag that was moved since then stops it. */
async function goOn(ports: PromotionPorts, asked: Promotion, release: Release): Promise<Promoting> {
  const { tag } = asked;
  const id = runIdOf(release);
  const run = (await ports.runs.read(runKey(id)))?.value ?? (await laid(ports, asked, release));
  if (!run) return { refusals: [{ rule: "known" }] };
  const { sha } = release.inputs;
  if (tag && tag.sha !== sha) {
    if (run.trigger.kind === "promotion" && run.trigger.tag === tag.name)
      await moveRun(ports)(id, [
        { kind: "cancelled", at: ports.clock(), because: promotions.moved(tag.name, tag.sha) },
      ]);
    return { refusals: [{ rule: "unmoved", sha, tagged: tag.sha }] };
  }
  await birth(ports, run);
  return { run };
}

/** The run of a promotion: the jobs of the accepted release, whatever the rules ask for by now. */
async function laid(
  ports: PromotionPorts,
  { repo, tag, by }: Promotion,
  release: Release,
): Promise<Run | undefined> {
  const { channel, from, number, branch, inputs } = release;
  if (from === undefined) return undefined;
  const { run: tested } = await sourceOf(ports, { repo, from, number });
  if (!tested) return undefined;
  const work = tested.jobs.filter((job) => inputs.jobs.some((one) => isSame(one, job))).map(workOf);
  const of = { kind: "promotion", channel, from, number, branch, sha: inputs.sha } as const;
  const trigger: Trigger = tag ? { ...of, tag: tag.name } : of;
  return plan({
    repo: release.repo,
    trigger,
    zone: "trusted",
    leave: { rule: "promotion", ...(by !== undefined && { by }) },
    left: tested.left,
    channel,
    at: release.at,
    work: await withExpected(ports, repo, work),
  });
}

const isSame = (one: Inputs["jobs"][number], { recipe, target, arch }: Job): boolean =>
  one.recipe.path === recipe.path && one.target === target && one.arch === arch;

function workOf({ name: _name, source: _source, build: _build, ...work }: Job): Work {
  return work;
}

/** The same jobs on the build roots that they get today. */
const inputsNow = ({ deployment }: PromotionPorts, { sha, jobs }: Inputs): Inputs => ({
  sha,
  jobs: jobs.map(({ recipe, target, arch }) => {
    const image = deployment.targets[target]?.images[arch];
    return { recipe, target, arch, ...(image !== undefined && { image }) };
  }),
});

/** All that the gate wants to know. */
async function gather(ports: PromotionPorts, { repo, to, number, tag }: Promotion) {
  const { channel, from, supportUntil } = to;
  const [source, before] = await Promise.all([
    sourceOf(ports, { repo, from, number }),
    lately(ports, repo, channel),
  ]);
  const branch = source.release && (await branchNow(ports, repo, source.release));
  const asked = { channel, from, number, at: ports.clock(), tagged: tag?.sha, supportUntil };
  return { ...asked, ...source, branch, before };
}

async function sourceOf(
  { releases, runs }: PromotionPorts,
  of: { readonly repo: RepoRef; readonly from: string; readonly number: string },
): Promise<{ readonly release?: Release | undefined; readonly run?: Run | undefined }> {
  const release = (await releases.read(releaseKey(of.repo.id, of.from, of.number)))?.value;
  const run = release && (await runs.read(runKey(runIdOf(release))))?.value;
  return { release, run };
}

async function branchNow({ github }: PromotionPorts, repo: RepoRef, { branch, inputs }: Release) {
  const head = await github.branch(repo, branch);
  return (
    head && {
      isProtected: head.isProtected,
      reaches: await github.reaches(repo, head.sha, inputs.sha),
    }
  );
}

/** The channel's releases down to the newest that was published. */
async function lately(ports: PromotionPorts, repo: RepoRef, channel: string): Promise<readonly Before[]> {
  const before: Before[] = [];
  for await (const release of releasesOf(ports, repo.id, channel)) {
    const run = (await ports.runs.read(runKey(runIdOf(release))))?.value;
    const state = stateOf(run);
    before.push({ number: release.number, state });
    if (state === "published") return before;
  }
  return before;
}

function stateOf(run: Run | undefined): Before["state"] {
  if (!run) return "failed";
  if (isPublished(run)) return "published";
  return hasEnded(run) ? "failed" : "under way";
}
