import type { Waiting } from "../src/pipelines/order/dispatch-order.ts";
import { linksOf, type Links } from "../src/pipelines/graph/graph.ts";
import { behindOf, isBefore } from "../src/pipelines/graph/rebuilds.ts";
import type { Arch, Run, Trigger } from "../src/pipelines/run.ts";
import { type Chance, chanceOf, sample } from "./chance.ts";
import type { Distribution } from "./debian-graph.ts";

const REBUILD: Run["trigger"] = {
  kind: "rebuild",
  branch: "main",
  sha: "f".repeat(40),
  since: "2026-11-21T10:00:00.000Z",
  step: 1,
  reach: "transitive",
};

/** Builders: three arches on one kind of machine, two of them slower there. */
export const SLOTS = { x86: 60, arm: 20 } as const;
export type Pool = keyof typeof SLOTS;
const SLOWER = 6;
const ARCHES: readonly (readonly [Arch, Pool, number])[] = [
  ["x86_64", "x86", 1],
  ["aarch64", "arm", 1],
  ["ppc64le", "x86", SLOWER],
  ["s390x", "x86", SLOWER],
];
/** How far estimates are off. */
const SIGMA = 0.6;
const START = 60;

/** A build of the model; times in seconds from the beginning. */
export interface Build {
  readonly waiting: Waiting;
  readonly pool: Pool;
  readonly takes: number;
  readonly arrives: number;
  /** Builds that must be over before. */
  readonly needs: readonly string[];
}

export type Builds = ReadonlyMap<string, Build>;

/** A mass rebuild of so many recipes for four arches, and its lower bound in seconds. */
export function massRebuild(
  debian: Distribution,
  recipes: number,
  seed: number,
): { builds: Builds; bound: number } {
  const chance = chanceOf(seed);
  const links = linksOf(picked(debian, recipes, chance));
  const builds = new Map<string, Build>();
  const base = new Map(links.order.map((name) => [name, typical(debian[name]?.bytes ?? 0, chance)]));
  for (const [arch, pool, slower] of ARCHES) {
    const takes = (name: string) => START + (base.get(name) ?? 0) * slower;
    const guess = new Map(links.order.map((name) => [name, takes(name) * chance.factor(SIGMA)]));
    const behind = behindOf(links, (name) => guess.get(name) ?? 0);
    for (const name of links.order) {
      const needs = before(links, name).map((need) => `${need} ${arch}`);
      const job = { recipe: name, arch, expected: guess.get(name) ?? 0, behind: behind.get(name) ?? 0 };
      const waiting = waitingOf(REBUILD, 1, job);
      builds.set(`${name} ${arch}`, { waiting, pool, takes: takes(name), arrives: 0, needs });
    }
  }
  return { builds, bound: boundOf(builds) };
}

/** By chance among the ones that most need. */
function picked(debian: Distribution, count: number, chance: Chance): Distribution {
  const links = linksOf(debian);
  const needed = (name: string) => links.neededBy.get(name)?.length ?? 0;
  const most = [...links.order]
    .toSorted((a, b) => needed(b) - needed(a) || (a < b ? -1 : 1))
    .slice(0, 4 * count);
  const names = new Set(sample(most, count, chance));
  return Object.fromEntries(Object.entries(debian).filter(([name]) => names.has(name)));
}

/** Seconds without the start, by the size of the sources: minutes as a rule, hours now and then. */
const typical = (bytes: number, { factor }: Chance): number => 120 * (bytes / 80_000) ** 0.42 * factor(0.7);

const before = (links: Links, name: string): readonly string[] =>
  (links.needs.get(name) ?? []).filter((need) => isBefore(links, need, name));

/** The longest path, or the work by the builders: no order is over sooner. Needs stand before who needs them. */
function boundOf(builds: Builds): number {
  const ends = new Map<string, number>();
  const work = new Map<Pool, number>();
  for (const [name, { takes, needs, pool }] of builds) {
    ends.set(name, takes + Math.max(0, ...needs.map((need) => ends.get(need) ?? 0)));
    work.set(pool, (work.get(pool) ?? 0) + takes);
  }
  return Math.max(...ends.values(), ...[...work].map(([pool, seconds]) => seconds / SLOTS[pool]));
}

/** Pull requests, one every three minutes for so many seconds, each of one recipe for four arches. */
export function pullRequests(until: number, seed: number): Builds {
  const chance = chanceOf(1000 + seed);
  const builds = new Map<string, Build>();
  let number = 0;
  for (let at = chance.gap(180); at < until; at += chance.gap(180)) {
    number += 1;
    const base = 240 * chance.factor(1);
    const repo = 2 + Math.floor(chance.even() * 5);
    for (const [arch, pool, slower] of ARCHES) {
      const takes = START + base * slower;
      const waiting = pullOf(repo, number, { arch, expected: takes * chance.factor(SIGMA) });
      builds.set(`pull ${number} ${arch}`, { waiting, pool, takes, arrives: at, needs: [] });
    }
  }
  return builds;
}

/** How long repositories are watched that compete, in seconds. */
export const WATCHED = 3 * 3600;

/** Five repositories that together want far more than there is: the first asks for three times as much as the others. */
export function crowd(seed: number): Builds {
  const chance = chanceOf(2000 + seed);
  const builds = new Map<string, Build>();
  for (const [repo, every] of [200, 600, 600, 600, 600].entries()) {
    let number = 0;
    for (let at = chance.gap(every); at < WATCHED; at += chance.gap(every))
      for (let recipe = 0; recipe < 20; recipe += 1) {
        number += 1;
        const takes = START + 240 * chance.factor(1);
        const expected = takes * chance.factor(SIGMA);
        const waiting = pullOf(1 + repo, number, { arch: "x86_64", expected });
        builds.set(`${repo} ${number}`, { waiting, pool: "x86", takes, arrives: at, needs: [] });
      }
  }
  return builds;
}

const pullOf = (
  repo: number,
  number: number,
  job: { readonly arch: Arch; readonly expected: number },
): Waiting =>
  waitingOf({ kind: "pull", number, sha: "f".repeat(40), base: "b", branch: "main" }, repo, {
    recipe: `pull-${number}`,
    ...job,
  });

interface Asked {
  readonly recipe: string;
  readonly arch: Arch;
  readonly expected: number;
  readonly behind?: number;
}

function waitingOf(trigger: Trigger, repo: number, { recipe: name, arch, ...seconds }: Asked): Waiting {
  const [source, build] = [`source/${name}`, `build/${name}/t/${arch}`];
  const of = {
    recipe: { kind: "rpm", name, path: `${name}.spec` },
    target: "t",
    arch,
    tier: "required",
  } as const;
  const stage = { name: build, kind: "build", pool: "build", needs: [], state: "ready", attempt: 1 } as const;
  const run: Run = {
    v: 1,
    id: `${repo}/${trigger.kind}/${name}/${arch}`,
    repo: { id: repo, node: "R", owner: "o", name: "n", installation: 1, private: false },
    trigger,
    zone: "trusted",
    leave: { rule: "ownBranch" },
    left: [],
    at: "2026-01-01T00:00:00.000Z",
    jobs: [{ ...of, name, source, build, ...seconds }],
    stages: [stage],
    rev: 1,
    reported: 0,
  };
  return { run, stage };
}
