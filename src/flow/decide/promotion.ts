import type { Promoted } from "../../bot/config/promotions.ts";
import { plainInputs } from "../../bot/work/emulation.ts";
import type { RepoRef } from "../../bot/events.ts";
import { promotions } from "../../bot/words/promotion.ts";
import { TAG_MOVED } from "../../pipelines/alarming.ts";
import { lockedInputs } from "../../pipelines/release/lock.ts";
import { type Asked, promotionGate, type Refusal } from "../../pipelines/release/promotion-gate.ts";
import { isNumber, type Release, runIdOf, type Turn } from "../../pipelines/release/release.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { Log } from "../../ports.ts";
import { birth } from "../birth.ts";
import type { DecidePorts } from "./ports.ts";
import { factsOf } from "./lay.ts";
import { layRelease, releaseAt } from "./lay-release.ts";
import { moveRun } from "../move-run.ts";
import { releasesBefore } from "./releases-before.ts";
import type { NumberPorts } from "./take-number.ts";
import { type Judged, takeTurn } from "./take-turn.ts";

export type PromotionPorts = DecidePorts & NumberPorts & { readonly log: Log };

/** Somebody asks for release `number` of `to.from` to come to `to.channel`. */
export interface Promotion {
  readonly repo: RepoRef;
  readonly to: Promoted;
  readonly number: string;
  /** The tag that asks, with the commit that it names now. */
  readonly tag?: { readonly name: string; readonly sha: string };
  /** The login of the committer who commands it. */
  readonly by?: string;
  /** It goes before all that mends nothing. */
  readonly security?: true | undefined;
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
  const taken = await takeTurn(ports, { repo, channel: to.channel }, async () => judge(ports, asked));
  return "refusals" in taken ? taken : goOn(ports, asked, taken.release);
}

/** What was let pass once is let pass. */
async function judge(ports: PromotionPorts, asked: Promotion): Promise<Judged<Refusal>> {
  const { repo, to, number, tag, by, security } = asked;
  const { release: there } = await releaseAt(ports, repo, { channel: to.channel, number });
  if (there?.from !== undefined) return { release: there };
  const facts = await gather(ports, asked, there);
  const refusals = promotionGate(facts);
  const { release: source } = facts;
  if (refusals.length > 0 || !source) return { refusals };
  const wanted: Turn = {
    v: 1,
    number,
    channel: to.channel,
    from: to.from,
    repo: factsOf(repo),
    asked: `promotion of ${to.from} ${number}`,
    at: facts.at,
    branch: source.branch,
    inputs:
      to.emulation === "plain"
        ? plainInputs(ports.deployment.targets, lockedInputs(source, facts.run), facts.run)
        : lockedInputs(source, facts.run),
    ...(tag && { tag: tag.name }),
    ...(by !== undefined && { by }),
    ...(security && { security }),
    ...(to.way && { way: to.way }),
  };
  return { wanted };
}

/** What was let pass before is built, and stays what it was: a tag that was moved since then stops it. */
async function goOn(ports: PromotionPorts, asked: Promotion, release: Release): Promise<Promoting> {
  const { tag } = asked;
  const id = runIdOf(release);
  const run = (await ports.runs.read(runKey(id)))?.value ?? (await layRelease(ports, asked.repo, release));
  if (!run) return { refusals: [{ rule: "known" }] };
  const { sha } = release.inputs;
  if (tag && tag.sha !== sha) {
    ports.log(TAG_MOVED, { repo: release.repo.id, run: id, tag: tag.name, from: sha, to: tag.sha });
    if (run.trigger.kind === "promotion" && run.trigger.tag === tag.name)
      await moveRun(ports)(id, [
        { kind: "cancelled", at: ports.clock(), because: promotions.moved(tag.name, tag.sha) },
      ]);
    return { refusals: [{ rule: "unmoved", sha, tagged: tag.sha }] };
  }
  await birth(ports, run);
  return { run };
}

/** All that the gate wants to know. */
async function gather(
  ports: PromotionPorts,
  { repo, to, number, tag }: Promotion,
  there: Release | undefined,
): Promise<Asked> {
  const { channel, from, supportUntil, way, packages } = to;
  const [source, before] = await Promise.all([
    releaseAt(ports, repo, { channel: from, number }),
    releasesBefore(ports, repo, channel),
  ]);
  const branch = source.release && (await branchNow(ports, repo, source.release));
  const asked = {
    channel,
    from,
    number,
    at: ports.clock(),
    tagged: tag?.sha,
    supportUntil,
    key: ports.deployment.key,
    way,
    packages,
  };
  const stored = way && source.run ? await storedOf(ports, source.run) : undefined;
  return { ...asked, ...source, there, branch, before, stored };
}

/** What lies in the store where the builds of a run left their packages: key -> size. */
async function storedOf({ numbers }: PromotionPorts, { stages }: Run): Promise<ReadonlyMap<string, number>> {
  const builds = stages.filter(({ kind }) => kind === "build");
  const prefixes = [...new Set(builds.flatMap(({ prefix }) => prefix ?? []))];
  const listed = await Promise.all(prefixes.map((prefix) => numbers.list(prefix)));
  return new Map(listed.flat().map(({ key, size }) => [key, size]));
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
