import { channelsOf } from "../../bot/config/channels.ts";
import type { ChannelRule } from "../../bot/config/promotions.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { mirrorPrefix } from "../../pipelines/manifest/publish.ts";
import { pinnedIn, pinsPrefix } from "../../pipelines/release/pin.ts";
import { publisherKey } from "../../pipelines/order/publisher.ts";
import { dueOf, goingOf, type Reason, staying } from "../../pipelines/release/retention.ts";
import { goingImages, stayingReleases } from "../../pipelines/release/retention-releases.ts";
import { slug } from "../../pipelines/run.ts";
import { PrunePlan } from "../../pipelines/release/shelf.ts";
import type { GitHub, GitHubWatch } from "../../ports-github.ts";
import type { Blobs, Log } from "../../ports.ts";
import { forEach } from "../for-each.ts";
import { neededBy, readReleases, readShelves } from "./read-shelf.ts";
import { type Folders, treesThere } from "./read-trees.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { served } from "../served.ts";
import { type SharePorts, whileNobodyPublishes } from "../dispatch/share-publisher.ts";

export interface PrunePorts extends SharePorts {
  readonly state: Pick<Blobs, "list" | "get" | "put">;
  readonly mirror: Pick<Blobs, "list" | "get" | "remove">;
  readonly github: Pick<GitHub, "file"> & Pick<GitHubWatch, "repositories">;
  readonly deployment: Deployment;
  /** A time so many minutes after another; both ISO 8601 in UTC. */
  readonly later: (at: string, minutes: number) => string;
  readonly log: Log;
}

/** Where it is written what is to go from a channel, a day before it goes. */
const planKey = (repo: number, channel: string): string => `retention/${repo}/${slug(channel)}.json`;

/**
 * schedule -> what channels with `keepDays` need no more leaves the mirror. Everything is first written down and goes a
 * day later, if it is still not needed then; a dry run only says what that is.
 */
export function pruneMirror(ports: PrunePorts) {
  return async ({ dryRun }: { readonly dryRun: boolean }): Promise<readonly PrunePlan[]> => {
    const plans: PrunePlan[] = [];
    await forEach(await served(ports), "repositories whose mirror is pruned", async (repo) => {
      const config = await rulesOf(ports, repo);
      // Where the rules cannot be read, nobody knows what may go.
      if (!isConfig(config)) return;
      for (const [channel, rule] of Object.entries(channelsOf(config, repo))) {
        if (rule.keepDays === undefined) continue;
        const place = { repo, channel, rule, keepDays: rule.keepDays, folders: new Map() };
        plans.push(dryRun ? await planOf(ports, place) : await prune(ports, place));
      }
    });
    return plans;
  };
}

interface Place {
  readonly repo: RepoRef;
  readonly channel: string;
  readonly rule: ChannelRule;
  readonly keepDays: number;
  readonly folders: Folders;
}

async function prune(ports: PrunePorts, of: Place): Promise<PrunePlan> {
  const key = planKey(of.repo.id, of.channel);
  const record = await ports.state.get(key);
  const before = record && PrunePlan.parse(JSON.parse(new TextDecoder().decode(record.value)));
  const found = await planOf(ports, of);
  if (dueOf(before, found).length === 0) {
    // The day counts from when it was first found.
    if (!before || found.keys.some((one) => !before.keys.includes(one))) await write(ports, key, found);
    return found;
  }
  const until = ports.later(ports.clock(), MINUTES);
  const isDone = await whileNobodyPublishes(ports, publisherKey(of), {
    until,
    // Looked at anew, now that nobody changes it.
    work: async () => remove(ports, dueOf(before, await planOf(ports, of)), { place: found.place, until }),
  });
  if (isDone) await write(ports, key, await planOf(ports, of));
  return found;
}

/** A door lives no longer than this. */
const MINUTES = 15;

const write = ({ state }: PrunePorts, key: string, plan: PrunePlan): Promise<void> =>
  state.put(key, JSON.stringify(plan));

async function planOf(
  ports: PrunePorts,
  { repo, channel, rule, keepDays, folders }: Place,
): Promise<PrunePlan> {
  const { mirror, state, clock } = ports;
  const place = mirrorPrefix({ repo, channel });
  const listed = await mirror.list(`${place}/`);
  const sizes = new Map(listed.map(({ key, size }) => [key.slice(place.length + 1), size]));
  const keys = [...sizes.keys()];
  const pins = await state.list(pinsPrefix(repo.id, channel));
  const now = clock();
  const isSupported = rule.from !== undefined && (rule.supportUntil ?? now) >= now.slice(0, DAY);
  const keeping = { now, days: keepDays, pinned: pinnedIn(pins.map(({ key }) => key)), isSupported };
  const shelves = (await readShelves(mirror, place, keys)).map((shelf) => ({
    shelf,
    stay: staying(shelf, keeping),
  }));
  const needed = new Set<string>();
  for (const { shelf, stay } of shelves)
    for (const number of stay.keys())
      for (const directory of await neededBy(mirror, { place, target: shelf.target, number }))
        needed.add(directory);
  const releases = await readReleases(mirror, place);
  const told = new Set(
    stayingReleases(releases, keeping).flatMap(({ trees = [] }) => trees.map(({ commit }) => commit)),
  );
  const trees = await treesThere(ports, { place, folders, keys, keeping: { ...keeping, told } });
  const going = [
    ...goingOf({
      keys,
      needed,
      staying: new Map(shelves.map(({ shelf, stay }) => [shelf.target, new Set(stay.keys())])),
      gone: goneReleases(shelves),
    }),
    ...goingImages(keys, releases, keeping),
    ...trees.going,
  ];
  return {
    v: 1,
    at: now,
    place,
    keepDays,
    stays: shelves.flatMap(({ shelf, stay }) =>
      [...stay].map(([snapshot, because]) => ({ target: shelf.target, snapshot, because })),
    ),
    ...(trees.staying.length > 0 && { trees: trees.staying }),
    bytes: going.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0),
    keys: going,
  };
}

const DAY = "2026-11-21".length;

/** Releases of which no target's snapshot stays. */
function goneReleases(
  shelves: readonly {
    readonly shelf: Awaited<ReturnType<typeof readShelves>>[number];
    readonly stay: ReadonlyMap<number, Reason>;
  }[],
): ReadonlySet<string> {
  const all = shelves.flatMap(({ shelf, stay }) =>
    shelf.releases.map(({ number, snapshot }) => ({ number, stays: stay.has(snapshot) })),
  );
  const kept = new Set(all.filter(({ stays }) => stays).map(({ number }) => number));
  return new Set(all.map(({ number }) => number).filter((number) => !kept.has(number)));
}

/** In order, and only while nobody publishes. What is left for lack of time is garbage tomorrow as well. */
async function remove(
  { mirror, clock, log }: PrunePorts,
  keys: readonly string[],
  { place, until }: { readonly place: string; readonly until: string },
): Promise<void> {
  log("pruning", { place, keys: keys.length });
  for (let n = 0; n < keys.length && clock() < until; n += AT_ONCE)
    await Promise.all(keys.slice(n, n + AT_ONCE).map((key) => mirror.remove(`${place}/${key}`)));
}

const AT_ONCE = 20;
