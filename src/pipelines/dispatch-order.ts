import type { Run } from "./run.ts";
import type { Stage } from "./stage.ts";

/** A stage that waits for a builder, with all that its place in the line depends on. */
export interface Waiting {
  readonly run: Run;
  readonly stage: Stage;
}

/**
 * The line before a pool. What mends what people have installed goes first: security releases and rollbacks. Then
 * publishing, since people wait for what is already built, then what
 * stands in a merge queue, then promotions, then pull requests, then pushes, then nightlies. Within a class the repositories take turns, and in each
 * goes first what its rules call urgent, then the longest remaining path.
 */
export function dispatchOrder(waiting: readonly Waiting[]): readonly Waiting[] {
  const ranked = waiting
    .map((one) => ({ one, rank: rankOf(one), urge: urgeOf(one), path: pathOf(one) }))
    .sort(
      (a, b) => a.rank - b.rank || a.urge - b.urge || b.path - a.path || compare(a.one.stage, b.one.stage),
    );
  const turns = new Map<string, number>();
  return ranked
    .map((entry) => {
      const key = `${entry.rank}/${entry.one.run.repo.id}`;
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      return { ...entry, turn };
    })
    .sort((a, b) => a.rank - b.rank || a.turn - b.turn)
    .map(({ one }) => one);
}

function rankOf({ run: { trigger }, stage }: Waiting): number {
  const mends = trigger.kind === "rollback" || (trigger.kind === "promotion" && trigger.security);
  return mends ? RANKS.security : RANKS[stage.kind === "publish" ? "publish" : trigger.kind];
}

const RANKS = {
  security: 0,
  rollback: 0,
  publish: 1,
  queue: 2,
  promotion: 3,
  pull: 4,
  push: 5,
  nightly: 6,
} as const;

/** How urgent the most urgent of the stage's jobs is. */
function urgeOf({ run, stage }: Waiting): number {
  const jobs = run.jobs.filter(({ source, build }) => source === stage.name || build === stage.name);
  return Math.min(...jobs.map(({ priority }) => URGES[priority ?? "normal"]), URGES.low);
}

const URGES = { high: 0, normal: 1, low: 2 } as const;

/** How many stages stand one behind the other from this one on. */
function pathOf({ run, stage }: Waiting): number {
  const lengths = new Map<string, number>();
  for (const one of run.stages.toReversed()) {
    const behind = run.stages.filter(({ needs }) => needs.some((need) => need.stage === one.name));
    lengths.set(one.name, 1 + Math.max(0, ...behind.map(({ name }) => lengths.get(name) ?? 0)));
  }
  return lengths.get(stage.name) ?? 1;
}

function compare(a: Stage, b: Stage): number {
  const [x, y] = [`${a.readyAt ?? ""} ${a.name}`, `${b.readyAt ?? ""} ${b.name}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
