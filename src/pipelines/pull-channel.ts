import { z } from "zod";
import { Repo } from "./repo.ts";
import { type Run } from "./run.ts";

/** The pool of builders that publishes for pull requests, and signs with a key of its own. */
export const PULL_POOL = "publish-pull";

/** The channel of a pull request. */
export const pullChannel = (pull: number): string => `pr/${pull}`;

/** What is known of a pull request's channel. Written before anything of it is, and removed after all of it. */
export const Channel = z.readonly(
  z.strictObject({
    v: z.literal(1),
    repo: Repo,
    pull: z.int(),
    /** The runs whose packages may be there, the newest last. */
    runs: z.readonly(z.array(z.string())),
    /** Where it lies on the mirror: more than one prefix where the repository was renamed. */
    places: z.readonly(z.array(z.string())),
    /** When it is to go, ISO 8601; absent while the pull request is open. */
    expires: z.optional(z.string()),
    /** It is being removed: until that is over nothing is published there. */
    going: z.optional(z.literal(true)),
    /** Of what is gone: by target the last number of a snapshot, so that no address is ever given to another content. */
    numbers: z.optional(z.record(z.string(), z.int())),
  }),
);
export type Channel = z.infer<typeof Channel>;

export const channelKey = (repo: number, pull: number): string => `${channelsPrefix(repo)}${pull}`;
/** Where it stands what a channel had that is gone. */
export const goneKey = (repo: number, pull: number): string => `channels/${repo}/gone/${pull}`;
export const channelsPrefix = (repo: number): string => `channels/${repo}/pr/`;

/** A run is about to be published there: it may show what the others brought until then. */
export function claimed(
  was: Channel | undefined,
  { id, repo }: Pick<Run, "id" | "repo">,
  on: { readonly pull: number; readonly place: string; readonly forgotten: readonly string[] },
): Channel {
  const others = (was?.runs ?? []).filter((run) => run !== id && !on.forgotten.includes(run));
  const runs = [...others.slice(-RUNS_MAX), id];
  const places = [...new Set([...(was?.places ?? []), on.place])];
  return { ...(was ?? { v: 1, pull: on.pull }), repo, runs, places };
}

/** Runs that were begun to be published there and never told how it went. */
const RUNS_MAX = 50;

/** Does the channel show what this run built? */
export const shows = (channel: Channel | undefined, run: string): boolean =>
  channel !== undefined && !channel.going && channel.runs.at(-1) === run;

/** The pull request is open: the channel stays. */
export function kept(channel: Channel): Channel {
  if (channel.going || channel.expires === undefined) return channel;
  const { expires: _over, ...stays } = channel;
  return stays;
}

/** A marker says when a channel is to be looked at; the record says whether it is to go then. */
export const expiringKey = (date: string, { repo, pull }: Pick<Channel, "repo" | "pull">): string =>
  `${EXPIRING}${date}/${repo.id}/${pull}`;
export const EXPIRING = "expiring/";

export function expiringOf(
  key: string,
): { readonly date: string; readonly repo: number; readonly pull: number } | undefined {
  const [date, repo, pull, rest] = key.slice(EXPIRING.length).split("/");
  if (!date || !repo || !pull || rest !== undefined) return undefined;
  return { date, repo: Number(repo), pull: Number(pull) };
}

/** What is remembered of a channel that goes: `keys` are its objects at `place`. */
export function remembered(
  was: Channel | undefined,
  { repo, pull }: Channel,
  { place, keys }: { readonly place: string; readonly keys: readonly string[] },
): Channel {
  const numbers = { ...was?.numbers };
  for (const key of keys) {
    const [target = "", part, number] = key.slice(place.length + 1).split("/");
    if (part === "snapshots") numbers[target] = Math.max(numbers[target] ?? 0, Number(number) || 0);
  }
  return { v: 1, repo, pull, runs: [], places: [], numbers };
}

/** In which order the objects of a channel at `place` go: clients find no way in before what is inside goes. */
export function inOrderOfRemoval(place: string, keys: readonly string[]): readonly (readonly string[])[] {
  // `<place>/<target>/pool/…`: the place may have such a name itself.
  const partOf = (key: string): string | undefined => key.slice(place.length + 1).split("/")[1];
  const [pool, snapshots] = ["pool", "snapshots"].map((part) => keys.filter((key) => partOf(key) === part));
  const inside = new Set([...(pool ?? []), ...(snapshots ?? [])]);
  return [keys.filter((key) => !inside.has(key)), snapshots ?? [], pool ?? []];
}
