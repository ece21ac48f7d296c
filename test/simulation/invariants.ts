import { hasEnded, isTold } from "../../src/pipelines/next.ts";
import { openKey, type Run } from "../../src/pipelines/run.ts";
import { RANK, type Stage } from "../../src/pipelines/stage.ts";
import { type Channel, channelKey, shows } from "../../src/pipelines/pull-channel.ts";
import { REPO, type World } from "./world.ts";

/** A record is looked at after every effect, and is mostly what it was before. */
const parsed = new WeakMap<World, Map<string, Run>>();

function runsOf(world: World): readonly Run[] {
  const known = parsed.get(world) ?? new Map<string, Run>();
  parsed.set(world, known);
  return [...world.memory.runs.all.values()].map((text) => {
    const run = known.get(text) ?? (JSON.parse(text) as Run);
    known.set(text, run);
    return run;
  });
}

export const isQuiet = ({ queues }: World): boolean =>
  Object.values(queues).every(({ letters }) => letters.length === 0);

/** What must hold after every effect. */
export function broken(world: World, seen: Map<string, Stage>): string | undefined {
  const { builds } = world.yard;
  const attempts = new Set(builds.map(({ attempt }) => attempt));
  if (attempts.size < builds.length) return "an attempt has two builds";
  for (const run of runsOf(world)) {
    for (const stage of run.stages) {
      const key = `${run.id}#${stage.name}`;
      const before = seen.get(key);
      if (before && before.attempt > stage.attempt) return `${key} went back to an older attempt`;
      if (before?.attempt === stage.attempt && RANK[before.state] > RANK[stage.state])
        return `${key} went back from ${before.state} to ${stage.state}`;
      seen.set(key, stage);
    }
    const started = builds.some(({ attempt }) => attempt.startsWith(`${run.id}#publish/`));
    const required = new Set(run.jobs.filter(({ tier }) => tier === "required").map(({ build }) => build));
    const lacking = run.stages.find(({ name, state }) => required.has(name) && state !== "passed");
    if (started && lacking) return `${run.id} was published without ${lacking.name}`;
  }
  return undefined;
}

/** What must hold when nothing is left to do. */
export function unended(world: World): string | undefined {
  const { truth, memory, yard } = world;
  for (const run of runsOf(world)) {
    if (!hasEnded(run)) return `${run.id} has not ended`;
    if (!isTold(run)) return `${run.id} is not told`;
    if (memory.blobs.all.has(openKey(run.id))) return `${run.id} is still open`;
  }
  if (yard.builds.some(({ status }) => status === "IN_PROGRESS")) return "a build still runs";
  const newest = `${REPO.id}/push/main/${truth.main}`;
  if (truth.main !== "main-0" && !memory.runs.all.has(`runs/${newest}.json`))
    return `there is no run of ${newest}`;
  const pull = `${REPO.id}/pull/1/${truth.pull.sha}`;
  if (truth.pull.isOpen && !memory.runs.all.has(`runs/${pull}.json`)) return `there is no run of ${pull}`;
  return truth.pull.isOpen ? unshown(world, pull) : undefined;
}

/** An open pull request's channel shows what its newest commit built. */
function unshown(world: World, pull: string): string | undefined {
  const run = runsOf(world).find(({ id }) => id === pull);
  const isPublished = run?.stages.some(
    ({ name, state }) => name.startsWith("channel/") && state === "passed",
  );
  const record = world.memory.blobs.all.get(channelKey(REPO.id, 1));
  const channel = record && (JSON.parse(new TextDecoder().decode(record)) as Channel);
  if (isPublished && !shows(channel, pull)) return `the channel does not show ${pull}`;
  return channel?.expires === undefined ? undefined : `the channel of an open pull request is to go`;
}
