import { advance } from "../../src/pipelines/advance.ts";
import { dispatchOrder, type Waiting } from "../../src/pipelines/order/dispatch-order.ts";
import { type Patience, predicted } from "../../src/pipelines/order/forecast.ts";
import { heard, type History, noHistory } from "../../src/pipelines/order/history.ts";
import { instant, isoOf } from "../../src/pipelines/instant.ts";
import { expired, jobOf, LEAST_MINUTES, minutesLeft } from "../../src/pipelines/order/overdue.ts";
import { planAdvisory } from "../../src/pipelines/plan-advisory.ts";
import { plan, type Work } from "../../src/pipelines/plan.ts";
import type { Job, Recipe, Run, Tier } from "../../src/pipelines/run.ts";
import { isOver, type Stage } from "../../src/pipelines/stage.ts";
import { turnToBuild } from "../../src/pipelines/order/turn-to-build.ts";
import { type Chance, chance } from "./chance.ts";

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const BEGIN = instant("2026-01-01T00:00:00.000Z");
const SLOTS = 3;
const FACTORS = { s390x: { plain: 15, accelerated: 2 } };
const PATIENCE: Patience = { dayMinutes: 60, nightMinutes: 480, night: { from: "21:00", to: "06:00" } };

/** How one job of s390x went. */
export interface Fate {
  readonly job: Job;
  readonly stage: Stage;
}

export interface Year {
  readonly fates: readonly Fate[];
  readonly runs: readonly Run[];
  readonly refused: number;
  /** Moments at which something advisory got a builder while something required waited for one. */
  readonly heldBack: number;
  /** Moments at which all builders were taken and none of them by what is required. */
  readonly takenByAdvisory: number;
}

interface Building extends Waiting {
  readonly ends: number;
  readonly passes: boolean;
}

interface World {
  readonly luck: Chance;
  readonly open: Map<string, Run>;
  readonly closed: Run[];
  readonly histories: Map<string, History>;
  building: Building[];
  refused: number;
  heldBack: number;
  takenByAdvisory: number;
}

/** Repositories with their tier of s390x; each recipe has native seconds that builds take about. */
const RECIPES: readonly { repo: number; tier: Tier; recipe: Recipe; seconds: number }[] = [
  [1, "required", "libfoo", 8 * MINUTE],
  [1, "required", "greet", 2 * MINUTE],
  [2, "advisory", "shell", 10 * MINUTE],
  [2, "advisory", "compiler", 2.5 * HOUR],
  [3, "advisory", "database", 50 * MINUTE],
  [3, "advisory", "browser", 9 * HOUR],
].map(([repo, tier, name, seconds]) => ({
  repo: Number(repo),
  tier: tier as Tier,
  recipe: { kind: "rpm", name: String(name), path: `${name}.spec` },
  seconds: Number(seconds),
}));

/** Plays a year of pushes, every five minutes; x86_64 has builders for all, s390x has few. */
export function playYear(seed: number): Year {
  const world: World = {
    luck: chance(seed),
    open: new Map(),
    closed: [],
    histories: new Map(),
    building: [],
    refused: 0,
    heldBack: 0,
    takenByAdvisory: 0,
  };
  for (let at = BEGIN; at < BEGIN + 367 * DAY; at += 5 * MINUTE) {
    if (at < BEGIN + 365 * DAY && world.luck.below(36) === 0) arrive(world, at);
    if (world.open.size > 0) pass(world, at);
  }
  const runs = [...world.closed, ...world.open.values()];
  return { ...world, runs, fates: runs.flatMap(fatesOf) };
}

const fatesOf = (run: Run): readonly Fate[] =>
  run.jobs
    .filter(({ arch }) => arch === "s390x")
    .flatMap((job) => run.stages.filter(({ name }) => name === job.build).map((stage) => ({ job, stage })));

function arrive(world: World, at: number): void {
  const one = world.luck.pick(RECIPES);
  if (!one) return;
  const { repo, recipe, tier } = one;
  const of = { recipe, target: "t" } as const;
  const history = world.histories.get(recipe.path) ?? noHistory;
  const bare: readonly Work[] = [
    { ...of, arch: "x86_64", tier: "required" },
    { ...of, arch: "s390x", tier },
  ];
  const work = bare.map((job) => {
    const expected = predicted(history, job, FACTORS);
    return expected === undefined ? job : { ...job, expected };
  });
  const planned = planAdvisory(work, PATIENCE, isoOf(at));
  world.refused += planned.tooLong.length;
  const sha = String(at).padStart(40, "0");
  const run = plan({
    repo: { id: repo, owner: "acme", name: `os${repo}`, installation: 2, private: false, node: "R_1" },
    trigger: { kind: "push", branch: "main", sha },
    zone: "trusted",
    channel: "devel",
    leave: { rule: "ownBranch" },
    left: [],
    at: isoOf(at),
    work: planned.work,
  });
  const source = `source/${recipe.name}`;
  const native = `build/${recipe.name}/t/x86_64`;
  const seconds = taking(world, one.seconds);
  learn(world, { run, arch: "x86_64", path: recipe.path }, { at, seconds });
  world.open.set(
    run.id,
    [source, native].reduce((now, stage) => told(now, stage, { at, passes: true }), run),
  );
}

const taking = ({ luck }: World, usual: number): number => Math.round((usual * (60 + luck.below(90))) / 100);

function learn(
  { histories }: World,
  { run, arch, path }: { run: Run; arch: "x86_64" | "s390x"; path: string },
  { at, seconds }: { at: number; seconds: number },
): void {
  const build = { target: "t", arch, attempt: `${run.id}#${arch}`, at: isoOf(at), seconds };
  histories.set(path, heard(histories.get(path) ?? noHistory, build));
}

function told(run: Run, stage: string, { at, passes }: { at: number; passes: boolean }): Run {
  const of = { stage, attempt: 1, at: isoOf(at) };
  return advance(
    run,
    passes
      ? { kind: "passed", prefix: "", files: [], ...of }
      : { kind: "ended", as: "timed-out", because: "", ...of },
  );
}

/** What happens in a moment: builds end, promises expire, builders are given away. */
function pass(world: World, at: number): void {
  const now = isoOf(at);
  endBuilds(world, at);
  for (const [id, run] of world.open) {
    const late = expired(run, now).map(({ name }) => name);
    const moved =
      late.length === 0 ? run : advance(run, { kind: "expired", at: now, because: "", stages: late });
    const isDone = moved.stages.every((stage) => isOver(stage) || stage.kind === "publish");
    if (isDone) {
      world.open.delete(id);
      world.closed.push(moved);
    } else world.open.set(id, moved);
  }
  dispatch(world, at);
}

function endBuilds(world: World, at: number): void {
  for (const { run, stage, ends, passes } of world.building.filter((one) => one.ends <= at)) {
    const known = world.open.get(run.id) ?? run;
    world.open.set(run.id, told(known, stage.name, { at: ends, passes }));
    const seconds = ends - instant(stage.startedAt ?? isoOf(ends));
    const path = jobOf(run, stage)?.recipe.path ?? "";
    if (passes) learn(world, { run, arch: "s390x", path }, { at: ends, seconds });
  }
  world.building = world.building.filter(({ ends }) => ends > at);
}

function dispatch(world: World, at: number): void {
  const now = isoOf(at);
  const waiting = [...world.open.values()].flatMap((run) =>
    run.stages
      .filter(({ state, kind }) => state === "ready" && kind === "build")
      .map((stage) => ({ run, stage })),
  );
  const free = SLOTS - world.building.length;
  const order = dispatchOrder(waiting, { busy: world.building, now });
  const line = turnToBuild(order, now, { slots: SLOTS, free }).now;
  const [got, rest] = [line.slice(0, free), line.slice(free)];
  if (got.some((one) => tierOf(one) === "advisory") && rest.some((one) => tierOf(one) === "required"))
    world.heldBack += 1;
  for (const one of got) begin(world, one, at);
  const full = world.building.length === SLOTS;
  if (full && world.building.every((one) => tierOf(one) === "advisory")) world.takenByAdvisory += 1;
}

const tierOf = ({ run, stage }: Waiting): Tier | undefined => jobOf(run, stage)?.tier;

/** A build takes what it takes, and CodeBuild ends it when its time is up. */
function begin(world: World, { run, stage }: Waiting, at: number): void {
  const job = jobOf(run, stage);
  const usual = RECIPES.find(({ recipe }) => recipe.path === job?.recipe.path)?.seconds ?? 0;
  const left = minutesLeft(job?.endsBy, isoOf(at)) ?? 48 * 60;
  const seconds = taking(world, usual * FACTORS.s390x.accelerated);
  const passes = seconds <= left * MINUTE;
  if (left < LEAST_MINUTES) {
    world.open.set(run.id, told(run, stage.name, { at, passes: false }));
    return;
  }
  const of = { stage: stage.name, attempt: 1, at: isoOf(at) };
  const known = world.open.get(run.id) ?? run;
  const moved = advance(known, { kind: "started", build: `b:${run.id}`, ...of });
  world.open.set(run.id, moved);
  const started = moved.stages.find(({ name }) => name === stage.name) ?? stage;
  world.building.push({ run, stage: started, passes, ends: at + (passes ? seconds : left * MINUTE) });
}
