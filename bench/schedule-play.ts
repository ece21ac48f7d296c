import { dispatchOrder, type Waiting } from "../src/pipelines/order/dispatch-order.ts";
import { type Builds, type Pool, SLOTS } from "./schedule-model.ts";

/** What came of a day: when each build began, and for each repository what it had of the builders that it may have. */
export interface Played {
  readonly began: ReadonlyMap<string, number>;
  readonly ended: ReadonlyMap<string, number>;
  readonly shares: ReadonlyMap<number, number>;
}

/** `ours`: the product's own order. `fifo`: first come, first served. */
export type Policy = "ours" | "fifo";

interface Open {
  readonly name: string;
  readonly waiting: Waiting;
}

/** Plays a day at the builders through, from event to event, until so many seconds have passed. */
export function play(builds: Builds, policy: Policy, until = Infinity): Played {
  const hall = newHall(builds);
  const shares = newShares();
  for (let now = 0; ;) {
    for (const pool of POOLS) hall.start(pool, now, policy);
    const at = hall.next();
    if (at === Infinity || at > until) return { ...hall.times, shares: shares.all() };
    shares.pass(at - now, hall.open.x86, hall.busy.x86);
    now = at;
    hall.arrive(now);
    hall.end(now);
  }
}

const POOLS = ["x86", "arm"] as const;

/** Builders, who has one, and who waits. */
function newHall(builds: Builds) {
  const times = { began: new Map<string, number>(), ended: new Map<string, number>() };
  const open: Record<Pool, Open[]> = { x86: [], arm: [] };
  const busy: Record<Pool, Open[]> = { x86: [], arm: [] };
  const running: { readonly name: string; readonly at: number }[] = [];
  const coming = [...builds]
    .filter(([, { needs }]) => needs.length === 0)
    .map(([name, { arrives: at }]) => ({ name, at }))
    .toSorted((a, b) => b.at - a.at);
  const release = newRelease(builds);
  const ready = (name: string, at: number): void => {
    const build = builds.get(name);
    if (!build) return;
    const stage = { ...build.waiting.stage, readyAt: iso(at) };
    open[build.pool].push({ name, waiting: { run: build.waiting.run, stage } });
  };
  const begin = (pool: Pool, { name, waiting }: Open, now: number): void => {
    const stage = { ...waiting.stage, state: "running", startedAt: iso(now) } as const;
    busy[pool].push({ name, waiting: { run: waiting.run, stage } });
    times.began.set(name, now);
    running.push({ name, at: now + (builds.get(name)?.takes ?? 0) });
    running.sort((a, b) => b.at - a.at);
  };
  return {
    times,
    open,
    busy,
    next: () => Math.min(running.at(-1)?.at ?? Infinity, coming.at(-1)?.at ?? Infinity),
    start(pool: Pool, now: number, policy: Policy): void {
      const free = SLOTS[pool] - busy[pool].length;
      if (free === 0 || open[pool].length === 0) return;
      const first = new Set(inLine(open[pool], { busy: busy[pool], now, policy }).slice(0, free));
      open[pool] = open[pool].filter((one) => !first.has(one));
      for (const one of first) begin(pool, one, now);
    },
    arrive: (now: number): void => taken(coming, now).forEach((name) => ready(name, now)),
    end(now: number): void {
      for (const name of taken(running, now)) {
        const pool = builds.get(name)?.pool ?? "x86";
        busy[pool] = busy[pool].filter((one) => one.name !== name);
        times.ended.set(name, now);
        for (const next of release(name)) ready(next, now);
      }
    },
  };
}

/** Takes off the end of a list what is due. */
function taken(list: { readonly name: string; readonly at: number }[], now: number): readonly string[] {
  const first = list.findIndex(({ at }) => at <= now);
  return first < 0 ? [] : list.splice(first).map(({ name }) => name);
}

/** What may be built when a build is over that was not free before. */
function newRelease(builds: Builds) {
  const missing = new Map([...builds].map(([name, { needs }]) => [name, needs.length]));
  const pairs = [...builds].flatMap(([name, { needs }]) => needs.map((need) => ({ need, name })));
  const neededBy = Map.groupBy(pairs, ({ need }) => need);
  return (done: string): readonly string[] => {
    const next = (neededBy.get(done) ?? []).map(({ name }) => name);
    for (const name of next) missing.set(name, (missing.get(name) ?? 0) - 1);
    return next.filter((name) => missing.get(name) === 0);
  };
}

function inLine(
  open: readonly Open[],
  { busy, now, policy }: { readonly busy: readonly Open[]; readonly now: number; readonly policy: Policy },
): readonly Open[] {
  // They stand in the order in which they came.
  if (policy === "fifo") return open;
  const of = new Map(open.map((one) => [one.waiting, one]));
  const line = dispatchOrder([...of.keys()], { busy: busy.map(({ waiting }) => waiting), now: iso(now) });
  return line.flatMap((waiting) => of.get(waiting) ?? []);
}

const iso = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 1) + Math.round(seconds * 1000)).toISOString();

/** Builder-seconds that repositories had while they waited for more, by what was theirs in equal parts. */
function newShares() {
  const had = new Map<number, number>();
  const due = new Map<number, number>();
  const count = (list: readonly Open[]) => Map.groupBy(list, ({ waiting }) => waiting.run.repo.id);
  return {
    pass(seconds: number, open: readonly Open[], busy: readonly Open[]): void {
      const [waits, has] = [count(open), count(busy)];
      const wants = new Map(
        [...new Set([...waits.keys(), ...has.keys()])].map((repo) => [
          repo,
          (waits.get(repo)?.length ?? 0) + (has.get(repo)?.length ?? 0),
        ]),
      );
      for (const [repo, part] of partsOf(wants)) {
        if (!waits.has(repo)) continue;
        due.set(repo, (due.get(repo) ?? 0) + part * seconds);
        had.set(repo, (had.get(repo) ?? 0) + (has.get(repo)?.length ?? 0) * seconds);
      }
    },
    all: () => new Map([...due].map(([repo, seconds]) => [repo, (had.get(repo) ?? 0) / seconds])),
  };
}

/** Equal parts of all builders; what one does not want goes to the others. */
function partsOf(wants: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const parts = new Map<number, number>();
  let left: number = SLOTS.x86;
  const modest = [...wants].toSorted(([, a], [, b]) => a - b);
  for (const [place, [repo, want]] of modest.entries()) {
    const part = Math.min(want, left / (modest.length - place));
    parts.set(repo, part);
    left -= part;
  }
  return parts;
}
