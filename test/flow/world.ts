import { createHash } from "node:crypto";
import type { BotEvent, RepoRef } from "../../src/bot/events.ts";
import type { MailsMessage, Thread } from "../../src/bot/mails.ts";
import type { EventsMessage, StoredDelivery } from "../../src/bot/messages.ts";
import type { AliasesSeen } from "../../src/pipelines/aliases-seen.ts";
import { decideEvent } from "../../src/flow/decide/event.ts";
import { dispatchStage } from "../../src/flow/dispatch/dispatch-stage.ts";
import { hearBuild } from "../../src/flow/hear/hear-build.ts";
import { moveRun } from "../../src/flow/move-run.ts";
import { reportRun } from "../../src/flow/tell/report-run.ts";
import { sweep } from "../../src/flow/tend/sweep.ts";
import { trackBuild } from "../../src/flow/hear/track-build.ts";
import type { Announcement } from "../../src/pipelines/release/announcement.ts";
import type { Budget } from "../../src/pipelines/order/budget.ts";
import type { Comment } from "../../src/pipelines/comment.ts";
import type { Deployment } from "../../src/pipelines/deployment.ts";
import type { ReportsMessage, StagesMessage } from "../../src/pipelines/messages.ts";
import type { Review } from "../../src/bot/review/review.ts";
import type { BootHistory } from "../../src/pipelines/boot/history.ts";
import type { Chain } from "../../src/pipelines/graph/chain.ts";
import type { PackageList } from "../../src/pipelines/package-list.ts";
import type { Graph } from "../../src/pipelines/graph/record.ts";
import type { History } from "../../src/pipelines/order/history.ts";
import type { Line } from "../../src/pipelines/order/line.ts";
import type { Release, Turn } from "../../src/pipelines/release/release.ts";
import type { Newest } from "../../src/pipelines/newest.ts";
import type { Channel } from "../../src/pipelines/pull-channel.ts";
import type { Publisher } from "../../src/pipelines/order/publisher.ts";
import type { Reuse } from "../../src/pipelines/reuse.ts";
import type { Update, Watch } from "../../src/pipelines/service/update-records.ts";
import { type Run, runKey } from "../../src/pipelines/run.ts";
import { attemptId, resultsPrefix, type Stage } from "../../src/pipelines/stage.ts";
import { fakeBuilder } from "./fake-builder.ts";
import { fakeGitHub } from "./fake-github.ts";
import { fakeUpstreams } from "./fake-upstreams.ts";
import { memoryBlobs, memoryQueue, memoryRecords, recordsIn } from "./memory.ts";

export const AT = "2026-11-21T10:00:00.000Z";
export const SHA = "a".repeat(40);
export const NEXT = "c".repeat(40);

export const repo: RepoRef = {
  id: 1,
  owner: "acme",
  ownerId: 50,
  name: "os",
  installation: 2,
  private: false,
  node: "R_1",
  defaultBranch: "main",
};

const deployment: Deployment = {
  github: { api: "https://api.github.com", web: "https://github.com" },
  targets: {
    "debian-12": {
      images: { x86_64: "debian", aarch64: "debian" },
      arches: { x86_64: "required", aarch64: "advisory" },
      kiwi: {
        images: { x86_64: "kiwi" },
        repositories: [{ url: "https://debian.example/{arch}/", key: "https://debian.example/key" }],
      },
    },
  },
  defaults: ["debian-12"],
  hosts: { "github.com": "https://github.com" },
  accounts: [50],
  key: { name: "n", email: "e@example.org", created: "2026-01-01T00:00:00Z" },
  timeoutMinutes: {},
};

/** All doors over ports in memory, a GitHub and a CodeBuild that remember what they were asked. */
export function world() {
  let minute = 0;
  const clock = () => new Date(Date.parse(AT) + (minute += 1) * 60_000).toISOString();
  const github = fakeGitHub();
  const builder = fakeBuilder();
  const upstreams = fakeUpstreams();
  const blobs = memoryBlobs();
  const logs = memoryBlobs();
  const verdicts = memoryBlobs();
  const logged: string[] = [];
  const heard: BotEvent[] = [];
  const ports = {
    runs: memoryRecords<Run>(),
    newest: memoryRecords<Newest>(),
    aliases: memoryRecords<AliasesSeen>(),
    mirrored: memoryBlobs(),
    releases: recordsIn<Release>(blobs),
    turns: recordsIn<Turn>(blobs),
    numbers: blobs,
    pins: blobs,
    reviews: memoryRecords<Review>(),
    updates: memoryRecords<Update>(),
    watches: memoryRecords<Watch>(),
    ownCommits: blobs,
    results: blobs,
    upstreams: upstreams.ports,
    channels: recordsIn<Channel>(blobs),
    histories: memoryRecords<History>(),
    boots: memoryRecords<BootHistory>(),
    lists: memoryRecords<PackageList>(),
    graphs: recordsIn<Graph>(blobs),
    graphKeys: blobs,
    chains: recordsIn<Chain>(blobs),
    digest: (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex"),
    lines: memoryRecords<Line>(),
    budgets: memoryRecords<Budget>(),
    announcements: memoryRecords<Announcement>(),
    comments: memoryRecords<Comment>(),
    built: memoryRecords<Reuse>(),
    publishers: memoryRecords<Publisher>(),
    deliveries: memoryRecords<StoredDelivery>(),
    ledger: verdicts,
    blobs,
    logs,
    stages: memoryQueue<StagesMessage>(),
    reports: memoryQueue<ReportsMessage>(),
    events: memoryQueue<EventsMessage>(),
    mails: memoryQueue<MailsMessage>(),
    threads: memoryRecords<Thread>(),
    hear: async () => heard,
    github,
    builder,
    deployment,
    clock,
    log: (message: string) => void logged.push(message),
    logsUrl: "https://logs.example",
    mirror: { bucket: "mirror", url: "https://mirror.example" },
    staging: "state",
    signingKey: "key",
    pullSigningKey: "pull-key",
    attestationKey: "attestation-key",
    keyAlias: (name: string) => `alias/${name}`,
  };
  const run = async (id: string): Promise<Run> => {
    const record = await ports.runs.read(runKey(id));
    if (!record) throw new Error(`there is no run ${id}`);
    return record.value;
  };
  const stage = async (id: string, name: string): Promise<Stage> => {
    const found = (await run(id)).stages.find((one) => one.name === name);
    if (!found) throw new Error(`${id} has no stage ${name}`);
    return found;
  };
  return {
    ports,
    github,
    builder,
    upstreams,
    logged,
    run,
    stage,
    move: (id: string, ...signals: Parameters<ReturnType<typeof moveRun>>[1]) => moveRun(ports)(id, signals),
    /** All that a run is made of passes, and leaves nothing. */
    async passAll(id: string) {
      for (const { name, attempt } of (await run(id)).stages)
        await moveRun(ports)(id, [
          { kind: "passed", prefix: "p/", files: [], stage: name, attempt, at: ports.clock() },
        ]);
    },
    decide: (event: Extract<EventsMessage, { event: unknown }>["event"]) =>
      decideEvent(ports)({ v: 1, event }),
    /** A delivery in the ledger that means this event; its verdicts. */
    async deliver(guid: string, ...events: readonly BotEvent[]) {
      heard.splice(0, heard.length, ...events);
      await ports.deliveries.create(`deliveries/${guid}`, { v: 1, guid, event: "any", at: AT, body: "{}" });
      await decideEvent(ports)({ v: 1, delivery: guid });
      const verdict = new TextDecoder().decode(verdicts.all.get(`verdicts/${guid}`));
      return (JSON.parse(verdict) as { verdicts: { event: string; because: string; run?: string }[] })
        .verdicts;
    },
    dispatch: (pool: string) => dispatchStage(ports)({ v: 1, pool }),
    stop: (build: string) => dispatchStage(ports)({ v: 1, stop: build }),
    hear: hearBuild(ports),
    track: (build: string) => trackBuild(ports)({ build }),
    report: (id: string) => reportRun(ports)({ v: 1, run: id }),
    sweep: sweep(ports),
    /** What a build leaves behind. */
    async leave(id: string, name: string, files: Readonly<Record<string, string>>) {
      const prefix = resultsPrefix({ run: id, stage: name, attempt: (await stage(id, name)).attempt });
      for (const [file, body] of Object.entries(files)) await blobs.put(prefix + file, body);
      const sums = Object.keys(files).map((file) => `${"1".repeat(64)}  ${file}\n`);
      await blobs.put(`${prefix}SHA256SUMS`, sums.join(""));
    },
    attempt: async (id: string, name: string) =>
      attemptId({ run: id, stage: name, attempt: (await stage(id, name)).attempt }),
  };
}

export type World = ReturnType<typeof world>;

export const PULL = `1/pull/7/${SHA}`;
export const PUSH = `1/push/main/${SHA}`;
export const [SOURCE, X86, ARM] = [
  "source/greet",
  "build/greet/debian-12/x86_64",
  "build/greet/debian-12/aarch64",
] as const;

/** A pull request of somebody who may write, with one spec, is decided. */
export async function opened(): Promise<World> {
  const town = world();
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: SHA }));
  await town.decide({ kind: "pull-changed", repo, number: 7 });
  return town;
}

/** The sources of the run are there. */
export async function sourced(town: World, id: string): Promise<World> {
  const pool = (await town.stage(id, SOURCE)).pool;
  await town.dispatch(pool);
  const build = (await town.stage(id, SOURCE)).build ?? "";
  await town.leave(id, SOURCE, {
    "bundle.tar": "x",
    "recipe.spec": "Name: greet\n%files\n%{_bindir}/greet\n",
    "facts.json": '{"epoch":1700000000}',
  });
  town.builder.end(build, "SUCCEEDED");
  await town.track(build);
  return town;
}
