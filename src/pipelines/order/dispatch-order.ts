import { secondsBetween } from "../instant.ts";
import { pathsOf } from "./path.ts";
import { stagesOf } from "../job-stages.ts";
import type { Run } from "../run.ts";
import { attemptId, type Stage } from "../stage.ts";

/** A stage of a run: one that waits for a builder, or has one. */
export interface Waiting {
  readonly run: Run;
  readonly stage: Stage;
}

/** What else the order depends on: who has the pool's builders already, and the time, ISO 8601 in UTC. */
export interface PoolNow {
  readonly busy: readonly Waiting[];
  readonly now?: string;
}

/**
 * The line before a pool. First by class: publications, security releases, releases, merge queues, pull requests,
 * pushes, nightlies, rebuilds of what depends on a change. In a class what is required goes before all that is
 * advisory; then repositories take turns, where what one has running counts; of one repository's goes first what its
 * rules call urgent, then the longest way in seconds. A class that has waited for half a day gets one builder in twenty
 * whatever comes before it. Who is listed first does not matter.
 */
export function dispatchOrder(
  waiting: readonly Waiting[],
  { busy, now }: PoolNow = { busy: [] },
): readonly Waiting[] {
  const turns = new Map<string, number>();
  const take = (one: Waiting, rank: number): number => {
    const key = `${rank}/${one.run.repo.id}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return turn;
  };
  for (const one of busy) take(one, rankOf(one));
  const line = entriesOf(waiting)
    .sort(compare)
    .map((entry) => ({ ...entry, turn: take(entry.one, entry.rank) }))
    .sort((a, b) => a.rank - b.rank || a.tier - b.tier || a.turn - b.turn);
  const first = now === undefined ? undefined : overdue(line, { busy, now });
  const order = line.map(({ one }) => one);
  return first ? [first, ...order.filter((one) => one !== first)] : order;
}

type Entry = ReturnType<typeof entriesOf>[number];

function entriesOf(waiting: readonly Waiting[]) {
  const known = new Map<Run, ReturnType<typeof meritsOf>>();
  return waiting.map((one) => {
    const { run, stage } = one;
    const merits = known.get(run) ?? meritsOf(run);
    known.set(run, merits);
    const id = `${stage.readyAt ?? ""} ${attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt })}`;
    return { one, id, rank: rankOf(one), ...merits(stage) };
  });
}

/** Of each stage of a run: is it only made for what is advisory, how urgent is the most urgent of its jobs, its path. */
function meritsOf(run: Run) {
  const paths = pathsOf(run);
  const known = new Map<string, { readonly tier: number; readonly urge: number }>();
  for (const job of run.jobs) {
    for (const name of stagesOf(job)) {
      const was = known.get(name) ?? { tier: 1, urge: URGES.low };
      const isAwaited = job.tier === "required";
      const urge = Math.min(was.urge, URGES[job.priority ?? "normal"]);
      known.set(name, { tier: isAwaited ? 0 : was.tier, urge });
    }
  }
  // A publication is no job's.
  return ({ name }: Stage) => ({ tier: 0, urge: URGES.low, ...known.get(name), path: paths.get(name) ?? 0 });
}

const URGES = { high: 0, normal: 1, low: 2 } as const;

const compare = (a: Entry, b: Entry): number =>
  a.rank - b.rank ||
  a.tier - b.tier ||
  a.urge - b.urge ||
  b.path - a.path ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function rankOf({ run: { trigger }, stage }: Waiting): number {
  const mends = trigger.kind === "rollback" || (trigger.kind === "promotion" && trigger.security === true);
  if (stage.kind === "publish") return mends ? RANKS.mended : RANKS.publish;
  return mends ? RANKS.security : RANKS[trigger.kind];
}

const RANKS = {
  mended: 0,
  publish: 1,
  security: 2,
  rollback: 2,
  promotion: 3,
  queue: 4,
  pull: 5,
  push: 6,
  nightly: 7,
  rebuild: 8,
} as const;

/** Whoever waits this long has a share, in seconds. */
const PATIENCE = 12 * 3600;
const SHARE = 1 / 20;

/** The first of the class that has waited too long, unless it or what comes after it has its share of builders. */
function overdue(
  line: readonly Entry[],
  { busy, now }: { readonly busy: readonly Waiting[]; readonly now: string },
): Waiting | undefined {
  const oldest = new Map<number, string>();
  for (const { rank, one } of line) {
    const [since, known] = [one.stage.readyAt, oldest.get(rank)];
    if (since !== undefined && (known === undefined || since < known)) oldest.set(rank, since);
  }
  const late = [...oldest].filter(([, since]) => secondsBetween(since, now) > PATIENCE);
  const rank = Math.max(...late.map(([of]) => of));
  const served = busy.filter((one) => rankOf(one) >= rank).length;
  return served < Math.max(1, busy.length * SHARE)
    ? line.find((entry) => entry.rank === rank)?.one
    : undefined;
}
