import type { EventsMessage } from "../../bot/messages.ts";
import type { RepoRef } from "../../bot/events.ts";
import { because } from "../../bot/words/because.ts";
import { branchKey, type Newest, pullKey } from "../../pipelines/newest.ts";
import { isClosed, next } from "../../pipelines/next.ts";
import { doubtful, expired, unheard } from "../../pipelines/order/overdue.ts";
import { openKey, type Run, runKey } from "../../pipelines/run.ts";
import { attemptId } from "../../pipelines/stage.ts";
import type { GitHub, GitHubWatch } from "../../ports-github.ts";
import type { Builder, Queue, Records } from "../../ports.ts";
import { forEach } from "../for-each.ts";
import { served } from "../served.ts";
import { type HearPorts, hearBuild } from "../hear/hear-build.ts";
import { tellUpdate } from "../hear/tell-update.ts";
import { moveRun } from "../move-run.ts";
import { perform } from "../perform.ts";

export interface SweepPorts extends HearPorts {
  readonly builder: Pick<Builder, "look" | "log" | "find">;
  readonly newest: Pick<Records<Newest>, "read" | "create">;
  readonly events: Queue<EventsMessage>;
  readonly github: Pick<GitHub, "branch"> & GitHubWatch;
}

/** schedule -> whatever the other doors missed, as the same signals and events. */
export function sweep(ports: SweepPorts) {
  return async (): Promise<void> => {
    await forEach([sweepRuns, sweepDeliveries, sweepHeads], SWEEP, (part) => part(ports));
  };
}

const SWEEP = "parts of the sweep";

/** Open runs: builds whose news never came, and effects that were never sent. */
async function sweepRuns(ports: SweepPorts): Promise<void> {
  await forEach(await ports.blobs.list(openKey("")), SWEEP, async ({ key }) => {
    // The marker is read before the record, so that one which was written since is not taken away.
    const marker = await ports.blobs.get(key);
    const run = (await ports.runs.read(runKey(key.slice(openKey("").length))))?.value;
    if (run && !isClosed(run)) await sweepRun(ports, run);
    else if (marker) await ports.blobs.remove(key, marker.version);
  });
}

async function sweepRun(ports: SweepPorts, run: Run): Promise<void> {
  const builds = unheard(run).flatMap(({ build }) => (build ? [build] : []));
  if (builds.length > 0) for (const news of await ports.builder.look(builds)) await hearBuild(ports)(news);
  for (const stage of doubtful(run)) {
    const of = { stage: stage.name, attempt: stage.attempt, at: ports.clock() };
    const attempt = attemptId({ run: run.id, ...of });
    const build = await ports.builder.find({ pool: stage.pool, attempt });
    await moveRun(ports)(run.id, [
      build ? { kind: "started", build, ...of } : { kind: "stopped", because: because.stopped, ...of },
    ]);
  }
  const late = expired(run, ports.clock()).map(({ name }) => name);
  if (late.length > 0)
    await moveRun(ports)(run.id, [
      { kind: "expired", stages: late, because: because.expired, at: ports.clock() },
    ]);
  const now = (await ports.runs.read(runKey(run.id)))?.value;
  // Another minute, another name: a queue drops what it has heard in the last five.
  const again = {
    ...ports,
    stages: anew(ports.stages, ports.clock()),
    reports: anew(ports.reports, ports.clock()),
  };
  if (now) await tellUpdate(ports, now);
  if (now) for (const effect of next(now)) await perform(again)(effect);
}

const anew = <M>(queue: Queue<M>, at: string): Queue<M> => ({
  send: (message, fifo) => queue.send(message, fifo && { ...fifo, once: `${fifo.once} ${at}` }),
});

/** Deliveries that GitHub could not hand over are asked for again. */
async function sweepDeliveries({ github, log }: SweepPorts): Promise<void> {
  await forEach(await github.failedDeliveries(), SWEEP, async (delivery) => {
    log("redeliver", { delivery });
    await github.redeliver(delivery);
  });
}

/** Pull requests and default branches whose webhook was lost: found by comparing heads, not deliveries. */
async function sweepHeads(ports: SweepPorts): Promise<void> {
  await forEach(await served(ports), SWEEP, async (repo) => {
    await sweepPulls(ports, repo);
    await sweepBranch(ports, repo);
  });
}

/** A branch seen for the first time is only remembered: installing the app is not a push. */
async function sweepBranch({ github, newest, events }: SweepPorts, repo: RepoRef): Promise<void> {
  const branch = repo.defaultBranch;
  const head = await github.branch(repo, branch);
  if (!head) return;
  const key = branchKey(repo.id, branch);
  const known = await newest.read(key);
  if (!known) await newest.create(key, { v: 1, sha: head.sha });
  else if (known.value.sha !== head.sha)
    await events.send({ v: 1, event: { kind: "branch-pushed", repo, branch } });
}

async function sweepPulls({ github, newest, events }: SweepPorts, repo: RepoRef): Promise<void> {
  for (const { number, sha } of await github.openPulls(repo)) {
    const known = await newest.read(pullKey(repo.id, number));
    if (known?.value.sha !== sha) await events.send({ v: 1, event: { kind: "pull-changed", repo, number } });
  }
}
