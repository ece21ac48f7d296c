import type { BotEvent, RepoRef } from "../../bot/events.ts";
import { versionOf } from "../../bot/work/update.ts";
import { secondsBetween } from "../../pipelines/instant.ts";
import { compareVersions } from "../../pipelines/spec/rpm-version.ts";
import { type Update, updateKey, type Watch, watchKey } from "../../pipelines/service/update-records.ts";
import type { Found, Upstream } from "../../pipelines/service/upstream.ts";
import type { Records, Upstreams } from "../../ports.ts";
import { isUpdated } from "../obey/update.ts";
import { changeRecord } from "../change-record.ts";
import type { CalendarPorts } from "./expire-channels.ts";
import { type Main, readMain, readRecipe } from "../decide/find-recipe.ts";
import { forEach } from "../for-each.ts";
import { lookUpstream, placeOf, shownPlace, type Watched } from "./look-upstream.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { served } from "../served.ts";

export interface WatchPorts extends CalendarPorts {
  readonly watches: Records<Watch>;
  readonly updates: Pick<Records<Update>, "read">;
  readonly upstreams: Upstreams;
}

/** Upstreams are asked this often, each at its own time. */
const HOURS = 6;
/** What could not be fetched of a version is tried again after so many seconds. */
const AGAIN = 24 * 3600;

/** Asks the upstreams that are due; what is newer than the recipe becomes an event. */
export async function tendUpstreams(ports: WatchPorts): Promise<void> {
  await forEach(await served(ports), "repositories with upstreams", (repo) => tend(ports, repo));
}

async function tend(ports: WatchPorts, repo: RepoRef): Promise<void> {
  const config = await rulesOf(ports, repo);
  if (!isConfig(config)) return;
  const isAsked = config.updates ?? Object.values(config.recipes).some(({ upstream }) => upstream);
  const main = isAsked ? await readMain(ports, { repo, config }) : undefined;
  const watched = main?.recipes.filter((ruled) => isUpdated(config, ruled)) ?? [];
  await forEach(watched, "upstreams", async (ruled) => {
    if (main) await watch(ports, main, ruled);
  });
}

async function watch(
  ports: WatchPorts,
  main: Main,
  { recipe, upstream: rule }: Main["recipes"][number],
): Promise<void> {
  const { repo } = main;
  const key = watchKey(repo.id, recipe.name);
  const was = (await ports.watches.read(key))?.value;
  const now = ports.clock();
  if (was && secondsBetween(was.at, now) < pauseOf(key)) return;
  const files = await readRecipe(ports, main, recipe);
  const upstream = files && placeOf({ rule, files });
  if (!files || !upstream) return;
  const seen = await look(ports, { repo, recipe, rule, files }, { upstream, was });
  await changeRecord(ports.watches, key, () => ({ v: 1, at: now, ...seen }));
  // Whose upstream is away, or whose rule is wrong, is nobody's alarm: `/update` says it.
  if (seen.failed !== undefined)
    ports.log("an upstream could not be asked", { repo: repo.id, recipe: recipe.name, because: seen.failed });
  const found = seen.newest;
  if (!found || !isNewer(found, versionOf(files))) return;
  if (isSettled((await ports.updates.read(updateKey(repo.id, recipe.name)))?.value, found, now)) return;
  await tell(ports, {
    repo,
    recipe: recipe.name,
    version: found.version,
    place: shownPlace(upstream, found.tag),
  });
}

const isNewer = ({ version }: Found, has: string | undefined): boolean =>
  has !== undefined && compareVersions(version, has) > 0;

const tell = (ports: WatchPorts, released: Omit<Released, "kind">): Promise<void> =>
  ports.events.send({ v: 1, event: { kind: "upstream-released", ...released } });

type Released = Extract<BotEvent, { kind: "upstream-released" }>;

type Seen = Omit<Watch, "v" | "at">;

/** What the upstream says; where it says nothing new, what it said before. */
async function look(
  ports: WatchPorts,
  watched: Watched,
  { upstream, was }: { readonly upstream: Upstream; readonly was: Watch | undefined },
): Promise<Seen> {
  const asked = JSON.stringify([upstream, watched.rule ?? {}]);
  const before = was?.asked === asked && was.failed === undefined ? was : undefined;
  const failed = (because: string): Seen => ({ asked, failed: because.slice(0, 1000) });
  try {
    const looked = await lookUpstream(ports, watched, { upstream, etag: before?.etag });
    if (looked.kind === "wrong") return failed(looked.because);
    if (looked.kind === "unchanged") return { asked, etag: before?.etag, newest: before?.newest };
    return { asked, etag: looked.etag, newest: looked.found };
  } catch (error) {
    return failed(String(error));
  }
}

/** Was this version proposed, or found not to be there a short time ago? */
function isSettled(last: Update | undefined, { version }: Found, now: string): boolean {
  if (last?.version !== version) return false;
  return last.refused === undefined || secondsBetween(last.refused.at, now) < AGAIN;
}

/** Some hours later, and up to one more: by its name, so that not all are asked at once. */
const pauseOf = (key: string): number =>
  HOURS * 3600 + Array.from(key).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 3600, 7);
