import type { RepoRef } from "../../bot/events.ts";
import { plan, type Wish, type Work } from "../../pipelines/plan.ts";
import { passedJobs, planContent } from "../../pipelines/plan-content.ts";
import { type Inputs, type Release, releaseKey, runIdOf } from "../../pipelines/release/release.ts";
import { type Job, type Run, runKey } from "../../pipelines/run.ts";
import { forecastWork } from "./choose-work.ts";
import type { DecidePorts } from "./ports.ts";
import type { NumberPorts } from "./take-number.ts";

type Ports = DecidePorts & NumberPorts;

/** The run of a promotion or a rollback; undefined where what it is made of is not known any more. */
export async function layRelease(ports: Ports, repo: RepoRef, release: Release): Promise<Run | undefined> {
  const { channel, of, number, branch, inputs, by } = release;
  if (of === undefined) return layPromotion(ports, repo, release);
  return plan({
    repo: release.repo,
    trigger: { kind: "rollback", channel, number, of, branch, sha: inputs.sha },
    zone: "trusted",
    leave: { rule: "rollback", ...(by !== undefined && { by }) },
    left: [],
    channel,
    at: release.at,
    work: [],
  });
}

/** The jobs of the accepted release, whatever the rules ask for by now. */
async function layPromotion(ports: Ports, repo: RepoRef, release: Release): Promise<Run | undefined> {
  const { channel, from, number, branch, inputs, by, tag, security, way } = release;
  if (from === undefined) return undefined;
  const { run: tested } = await releaseAt(ports, repo, { channel: from, number });
  if (!tested) return undefined;
  const jobs = way === "content" ? passedJobs(tested) : tested.jobs;
  const work = jobs.flatMap((job) => {
    const locked = inputs.jobs.find((one) => isSame(one, job));
    return locked ? [workOf(job, locked)] : [];
  });
  const of = { kind: "promotion", channel, from, number, branch, sha: inputs.sha } as const;
  const planned = await forecastWork(ports, repo, work);
  const wish: Wish = {
    repo: release.repo,
    trigger: { ...of, ...(tag !== undefined && { tag }), ...(security && { security }), ...(way && { way }) },
    zone: "trusted",
    leave: { rule: "promotion", ...(by !== undefined && { by }) },
    left: [...tested.left, ...planned.left],
    channel,
    at: release.at,
    work: planned.work,
  };
  return way === "content" ? planContent(wish, tested) : plan(wish);
}

const isSame = (one: Inputs["jobs"][number], { recipe, target, arch }: Job): boolean =>
  one.recipe.path === recipe.path && one.target === target && one.arch === arch;

/** The job is bound to the build root that the release names. */
function workOf(
  { name: _name, source: _source, build: _build, check: _check, image: _image, ...work }: Job,
  { image }: Inputs["jobs"][number],
): Work {
  // When it may begin is planned anew.
  const { notBefore: _notBefore, endsBy: _endsBy, ...same } = work;
  return { ...same, ...(image !== undefined && { image }) };
}

/** A release of a channel, and the run that made it. */
export async function releaseAt(
  { releases, runs }: Pick<Ports, "releases" | "runs">,
  repo: Pick<RepoRef, "id">,
  { channel, number }: { readonly channel: string; readonly number: string },
): Promise<{ readonly release?: Release | undefined; readonly run?: Run | undefined }> {
  const release = (await releases.read(releaseKey(repo.id, channel, number)))?.value;
  const run = release && (await runs.read(runKey(runIdOf(release))))?.value;
  return { release, run };
}
