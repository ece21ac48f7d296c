import { z } from "zod";
import { Repo } from "../repo.ts";
import { type Arch, type Run, slug } from "../run.ts";
import type { Again } from "../laid.ts";
import { Made, type Names } from "./made.ts";

/**
 * What recipes made that a channel has, by their paths, for one target and arch: a part of all, so that builds which end
 * at once seldom meet, and no part grows large.
 */
export const Graph = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** As it was when this was written. */
    repo: Repo,
    channel: z.string(),
    recipes: z.record(z.string(), Made),
  }),
);
export type Graph = z.infer<typeof Graph>;

/** Where the graphs of a target and arch are, of all repositories or of one channel. */
export const graphsPrefix = (
  { target, arch }: { readonly target: string; readonly arch: Arch },
  of?: { readonly repo: number; readonly channel: string },
): string => `graphs/${slug(target)}/${arch}/${of ? `${of.repo}/${slug(of.channel)}/` : ""}`;

/** The repository that a key is of. */
export const repoIn = (key: string): number => Number(key.split("/")[3]);

/** Which part a recipe is in, by its path. */
export const partOf = (path: string): string => {
  const sum = Array.from(path).reduce((all, char) => (all * 31 + (char.codePointAt(0) ?? 0)) % 65_521, 7);
  return `${(sum % PARTS).toString(16).padStart(2, "0")}.json`;
};

const PARTS = 32;

/** How new what a run publishes is, as its packages' releases say it: later ones sort behind. */
export const releasedAt = ({ at, trigger }: Pick<Run, "at" | "trigger">): string =>
  trigger.kind === "rebuild" ? `${trigger.since}r${String(trigger.step).padStart(9, "0")}` : at;

/** What one build brought to a channel. */
export interface Brought {
  /** Absent: its list is the one that is known. */
  readonly made?: Made;
  readonly again?: Again | undefined;
}

/** What a run brought to a channel, and which of the recipes that are known it has no more. */
export interface News {
  readonly run: string;
  readonly at: string;
  /** When it was published, ISO 8601. */
  readonly published: string;
  /** Is another output one that has what needs it built again? */
  readonly isFollowed: boolean;
  readonly brought: Readonly<Record<string, Brought>>;
  readonly isGone: (path: string, made: Made) => boolean;
}

/** With what was published; news that is older than what is known changes nothing, and the same twice is once. */
export function withNews(
  was: Graph | undefined,
  of: Pick<Graph, "repo" | "channel">,
  news: News,
): Graph | undefined {
  const known = was?.recipes ?? {};
  const left = Object.entries(known).filter(([path, one]) => !news.isGone(path, one));
  const fresh = Object.entries(news.brought).flatMap(([path, one]) => {
    const now = broughtTo(known[path], one, news);
    return now === undefined || now === known[path] ? [] : [[path, now] as const];
  });
  if (fresh.length === 0 && left.length === Object.keys(known).length) return was;
  const recipes = withinRoom({ ...Object.fromEntries(left), ...Object.fromEntries(fresh) });
  return { v: 1, repo: of.repo, channel: of.channel, recipes };
}

function broughtTo(known: Made | undefined, { made, again }: Brought, news: News): Made | undefined {
  if (!known) return made;
  if (known.at > news.at) return known;
  const now = made && made.list !== known.list ? turned(known, made, news) : known;
  if (!again?.after || known.again?.run === news.run) return now;
  const same = now.output === known.output;
  const built = { run: news.run, after: Object.keys(again.after), same };
  return { ...now, at: news.at, with: { ...known.with, ...again.after }, needs: again.needs, again: built };
}

function turned(known: Made, made: Made, { published, isFollowed }: News): Made {
  const { turn = 0, turned: before, needs, again } = known;
  const kept = { ...made, ...(needs !== undefined && { needs }), ...(again && { again }) };
  if (known.output !== made.output && isFollowed) return { ...kept, turn: turn + 1, turned: published };
  return before === undefined ? kept : { ...kept, turn, turned: before };
}

/** Names that a part has room for; some of the largest recipes are left out where there are more. */
const ROOM = 150_000;

function withinRoom(recipes: Graph["recipes"]): Graph["recipes"] {
  const sized = Object.entries(recipes).map(([path, made]) => ({ path, made, count: countOf(made) }));
  let count = sized.reduce((sum, one) => sum + one.count, 0);
  if (count <= ROOM) return recipes;
  const cut = new Set<string>();
  for (const one of sized.toSorted((a, b) => b.count - a.count)) {
    if (count <= ROOM) break;
    cut.add(one.path);
    count -= one.count;
  }
  const none: Names = { provides: [], requires: [], builds: [] };
  return Object.fromEntries(
    sized.map(({ path, made }) => [path, cut.has(path) ? { ...made, ...none } : made]),
  );
}

const countOf = ({ provides, requires, builds }: Made): number =>
  provides.length + requires.length + builds.length;
