import { z } from "zod";
import { type Arch, slug } from "../run.ts";

const Heard = z.readonly(
  z.strictObject({
    /** `attemptId` of the attempt. */
    attempt: z.string(),
    /** When it passed, ISO 8601 in UTC. */
    at: z.string(),
    /** How long its build took. */
    seconds: z.number().nonnegative(),
  }),
);
type Heard = z.infer<typeof Heard>;

/** How long the builds of one recipe took, per target and arch (`<target>/<arch>`), newest first. */
export const History = z.readonly(
  z.strictObject({ v: z.literal(1), builds: z.record(z.string(), z.readonly(z.array(Heard))) }),
);
export type History = z.infer<typeof History>;

/** Recipes may be renamed; their history is then another. */
export const historyKey = (repo: number, recipePath: string): string =>
  `history/${repo}/${slug(recipePath)}.json`;

export const noHistory: History = { v: 1, builds: {} };

/** Kept of one target and arch, and of these. */
const HEARD_MAX = 20;
const BUILDS_MAX = 100;

/** A build that passed. */
export interface Passed extends Heard {
  readonly target: string;
  readonly arch: Arch;
}

/** Adds what was heard: twice is once, and in whatever order it comes the newest are kept. */
export function heard(history: History, { target, arch, ...entry }: Passed): History {
  const key = keyOf(target, arch);
  const known = history.builds[key] ?? [];
  if (known.some(({ attempt }) => attempt === entry.attempt)) return history;
  const kept = [...known, entry].sort(newestFirst).slice(0, HEARD_MAX);
  const builds = Object.entries({ ...history.builds, [key]: kept })
    .sort(([x, [a]], [y, [b]]) => (a && b ? newestFirst(a, b) : 0) || (x < y ? -1 : 1))
    .slice(0, BUILDS_MAX);
  return { ...history, builds: Object.fromEntries(builds) };
}

const keyOf = (target: string, arch: Arch): string => `${slug(target)}/${arch}`;

const newestFirst = (a: Heard, b: Heard): number => compare(b.at, a.at) || compare(b.attempt, a.attempt);
const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

/** What builds of late say of the next one, and how many they are. */
export interface Expected {
  readonly seconds: number;
  readonly from: number;
}

/** A median, since one slow day tells little; of a few, since recipes change; the newest counts most. */
const FEW = 7;

/**
 * The weighted median of the last seven: the newest has weight 7, the one before 6, and so on. Half of the
 * weight took no longer. Nothing where nothing has passed yet.
 */
export function expected(history: History, target: string, arch: Arch): Expected | undefined {
  const last = (history.builds[keyOf(target, arch)] ?? []).slice(0, FEW);
  const weighed = last
    .map(({ seconds }, index) => ({ seconds, weight: FEW - index }))
    .sort((a, b) => a.seconds - b.seconds);
  const half = weighed.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  const middle = weighed.find(({ weight }) => (below += weight) >= half);
  return middle && { seconds: middle.seconds, from: last.length };
}
