import type { AliasesSeen } from "../../src/pipelines/aliases-seen.ts";
import { createHash } from "node:crypto";
import { memoryBlobs, memoryRecords, recordsIn } from "../flow/memory.ts";
import type { BotEvent, RepoRef } from "../../src/bot/events.ts";
import type { Check } from "../../src/bot/check/check.ts";
import type { EventsMessage } from "../../src/bot/messages.ts";
import { decideEvent } from "../../src/flow/decide/event.ts";
import { dispatchStage } from "../../src/flow/dispatch/dispatch-stage.ts";
import { reportRun } from "../../src/flow/tell/report-run.ts";
import { sweep } from "../../src/flow/tend/sweep.ts";
import { tendCalendar } from "../../src/flow/tend/tend-calendar.ts";
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
import type { Release, Turn } from "../../src/pipelines/release/release.ts";
import { branchKey, type Newest } from "../../src/pipelines/newest.ts";
import type { Channel } from "../../src/pipelines/pull-channel.ts";
import type { Publisher } from "../../src/pipelines/order/publisher.ts";
import type { Reuse } from "../../src/pipelines/reuse.ts";
import type { Update, Watch } from "../../src/pipelines/service/update-records.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { GitHub, GitHubWatch } from "../../src/ports-github.ts";
import type { Blobs, Records } from "../../src/ports.ts";
import type { Chance } from "./chance.ts";
import type { Fate } from "./fate.ts";
import { post } from "./post.ts";
import { simulatedYard } from "./yard.ts";

export const REPO: RepoRef = {
  id: 7,
  owner: "maria",
  ownerId: 1,
  name: "packages",
  installation: 2,
  private: false,
  node: "R_1",
  defaultBranch: "main",
};

const deployment: Deployment = {
  github: { api: "https://api.github.com", web: "https://github.com" },
  targets: {
    "debian-12": {
      images: { x86_64: "x", aarch64: "a" },
      arches: { x86_64: "required", aarch64: "advisory" },
    },
  },
  defaults: ["debian-12"],
  hosts: {},
  key: { name: "n", email: "e@localhost", created: "2026-01-01T00:00:00Z" },
  pullKey: { name: "p", email: "p@localhost", created: "2026-01-01T00:00:00Z" },
  timeoutMinutes: {},
};

/** What is true on GitHub: heads that people move, and what we have written there. */
export interface Truth {
  pull: { sha: string; isOpen: boolean };
  main: string;
  readonly checks: { readonly id: string; readonly sha: string; check: Check }[];
  comment?: string;
}

/** Every port touches the world through fate; beneath it is memory. */
const fateful = <Port extends object>(port: Port, fate: Fate): Port => {
  const methods = Object.entries(port).filter(([, method]) => typeof method === "function");
  const wrapped = methods.map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    (...args: never[]) => fate.touch(() => method(...args)),
  ]);
  return Object.fromEntries(wrapped) as Port;
};

export type World = ReturnType<typeof newWorld>;

export function newWorld(
  fate: Fate,
  luck: Chance,
  mutant: (world: { runs: Records<Run> }) => void = () => {},
) {
  const memory = {
    runs: memoryRecords<Run>(),
    blobs: memoryBlobs(),
    newest: memoryRecords<Newest>(),
    reviews: memoryRecords<Review>(),
    histories: memoryRecords<History>(),
    boots: memoryRecords<BootHistory>(),
    lists: memoryRecords<PackageList>(),
  };
  // The sweep has seen the default branch before: what it sees for the first time it only remembers.
  void memory.newest.create(branchKey(REPO.id, "main"), { v: 1, sha: "main-0" });
  const truth: Truth = { pull: { sha: "sha-1", isOpen: true }, main: "main-0", checks: [] };
  const queues = {
    events: post<EventsMessage>(fate, luck),
    stages: post<StagesMessage>(fate, luck),
    reports: post<ReportsMessage>(fate, luck),
    builds: post<{ readonly build: string }>(fate, luck),
  };
  const leave = (key: string, text: string) => void memory.blobs.put(key, text);
  const yard = simulatedYard({ fate, luck, leave });
  const records = { runs: { ...memory.runs } };
  mutant(records);
  const ports = {
    runs: fateful<Records<Run>>(records.runs, fate),
    blobs: fateful<Blobs>(memory.blobs, fate),
    logs: { put: async () => {} },
    newest: fateful<Records<Newest>>(memory.newest, fate),
    histories: fateful<Records<History>>(memory.histories, fate),
    boots: fateful<Records<BootHistory>>(memory.boots, fate),
    lists: fateful<Records<PackageList>>(memory.lists, fate),
    graphs: fateful<Records<Graph>>(recordsIn<Graph>(memory.blobs), fate),
    graphKeys: memory.blobs,
    chains: fateful<Records<Chain>>(recordsIn<Chain>(memory.blobs), fate),
    digest: (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex"),
    lines: { read: async () => undefined },
    aliases: memoryRecords<AliasesSeen>(),
    mirrored: memoryBlobs(),
    releases: memoryRecords<Release>(),
    turns: memoryRecords<Turn>(),
    pins: memory.blobs,
    numbers: memory.blobs,
    updates: memoryRecords<Update>(),
    watches: memoryRecords<Watch>(),
    ownCommits: memory.blobs,
    results: memory.blobs,
    upstreams: {
      releases: async () => ({ tags: [] }),
      reach: async () => undefined,
      digests: async () => "",
      expression: () => undefined,
    },
    reviews: fateful<Records<Review>>(memory.reviews, fate),
    budgets: fateful<Records<Budget>>(memoryRecords<Budget>(), fate),
    comments: fateful<Records<Comment>>(memoryRecords<Comment>(), fate),
    announcements: fateful<Records<Announcement>>(memoryRecords<Announcement>(), fate),
    channels: fateful<Records<Channel>>(recordsIn<Channel>(memory.blobs), fate),
    built: fateful<Records<Reuse>>(memoryRecords<Reuse>(), fate),
    publishers: fateful<Records<Publisher>>(memoryRecords<Publisher>(), fate),
    github: fateful<GitHub & GitHubWatch>(gitHub(truth), fate),
    builder: yard.builder,
    ...queues,
    mails: { send: async () => {} },
    mirror: { bucket: "mirror", url: "https://mirror" },
    staging: "state",
    signingKey: "key",
    pullSigningKey: "pull-key",
    attestationKey: "attestation-key",
    keyAlias: (name: string) => `alias/${name}`,
    logsUrl: "https://logs",
    deployment,
    clock: () => fate.now(),
    log: () => {},
    hear: async (): Promise<readonly BotEvent[]> => [],
    deliveries: { read: async () => undefined },
    ledger: { put: async () => {} },
  };
  return {
    truth,
    queues,
    yard,
    memory,
    steps: {
      events: decideEvent(ports),
      stages: dispatchStage(ports),
      builds: trackBuild(ports),
      reports: reportRun(ports),
      /** What the schedules do: the calendar too, which finds channels that show what they should not. */
      async sweep() {
        await sweep(ports)();
        await tendCalendar({ ...ports, mirror: memory.blobs })();
      },
    },
  };
}

function gitHub(truth: Truth): GitHub & GitHubWatch {
  return {
    pull: async (_, number) => ({
      number,
      ...truth.pull,
      headRepo: 7,
      headOwner: 1,
      base: { branch: "main", sha: "main-0", defaultBranch: "main" },
      author: { id: 1, login: "maria" },
      title: "A change",
      description: "",
      isDraft: false,
    }),
    branch: async () => ({ sha: truth.main, isProtected: true }),
    tag: async () => undefined,
    reaches: async () => true,
    paths: async (_, sha) => (sha === "main-0" ? ["README.md"] : ["greet.spec"]),
    file: async () => undefined,
    changed: async () => "too-many",
    react: async () => {},
    canWrite: async () => true,
    readToken: async () => "token",
    defaultBranch: async () => "main",
    isPublic: async () => true,
    release: async () => undefined,
    writeRelease: async () => ({ kind: "refused", because: "nobody asks for it" }),
    writeCommit: async () => ({ kind: "refused", because: "nobody asks for it" }),
    propose: async () => ({ kind: "refused", because: "nobody asks for it" }),
    shown: async (_, sha) =>
      truth.checks.filter((one) => one.sha === sha).map(({ id, check }) => ({ id, check, remarks: 0 })),
    show: async (_, sha, showings) => {
      for (const { check, id } of showings) {
        const known = truth.checks.find((one) => one.id === id);
        if (known) known.check = check;
        else truth.checks.push({ id: `CR_${truth.checks.length + 1}`, sha, check });
      }
      return { kind: "written" };
    },
    comment: async () => (truth.comment === undefined ? undefined : { id: 1, body: truth.comment }),
    say: async (_, __, { body }) => {
      truth.comment = body;
      return { kind: "written", id: 1 };
    },
    repositories: async () => [REPO],
    openPulls: async () => (truth.pull.isOpen ? [{ number: 1, sha: truth.pull.sha }] : []),
    failedDeliveries: async () => [],
    redeliver: async () => {},
  };
}
