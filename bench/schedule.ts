import { debianGraph } from "./debian-graph.ts";
import { median, quantile, table } from "./numbers.ts";
import { crowd, massRebuild, pullRequests, SLOTS, WATCHED } from "./schedule-model.ts";
import { play } from "./schedule-play.ts";

const RECIPES = 1000;
const SEEDS = 20;

/**
 * Mass rebuilds, pull requests and repositories that compete, on Debian's graph and too few builders. Gives what
 * went wrong.
 */
export async function schedule(seeds = SEEDS): Promise<readonly string[]> {
  const debian = await debianGraph();
  if (typeof debian === "string")
    return [`Debian's index of sources cannot be had, so there is no graph: ${debian}`];
  const known = Object.keys(debian).length;
  console.log(
    `${RECIPES} of Debian's ${known} source packages x 4 arches on ${SLOTS.x86} + ${SLOTS.arm} builders, ${seeds} seeds; estimates off by 0.6 in their logarithm:\n`,
  );
  const days = Array.from({ length: seeds }, (_, seed) => dayOf(debian, seed));
  tell(days);
  return [];
}

function dayOf(debian: Parameters<typeof massRebuild>[0], seed: number) {
  const { builds, bound } = massRebuild(debian, RECIPES, seed);
  const span = (policy: "ours" | "fifo") => Math.max(...play(builds, policy).ended.values()) / bound;
  const pulls = pullRequests(bound * 1.2, seed);
  const both = new Map([...builds, ...pulls]);
  const wait = (policy: "ours" | "fifo") => {
    const { began } = play(both, policy);
    return quantile(
      [...pulls].map(([name, { arrives }]) => (began.get(name) ?? Infinity) - arrives),
      0.95,
    );
  };
  const least = (policy: "ours" | "fifo") => Math.min(...play(crowd(seed), policy, WATCHED).shares.values());
  return {
    hours: bound / 3600,
    ours: { span: span("ours"), wait: wait("ours"), least: least("ours") },
    fifo: { span: span("fifo"), wait: wait("fifo"), least: least("fifo") },
  };
}

type Day = ReturnType<typeof dayOf>;

function tell(days: readonly Day[]): void {
  const mean = (all: readonly number[]) => all.reduce((a, b) => a + b, 0) / all.length;
  const row = (says: string, get: (day: Day["ours"]) => number, digits: number) => {
    const [ours, fifo] = [days.map(({ ours: one }) => get(one)), days.map(({ fifo: one }) => get(one))];
    const of = (all: readonly number[]) => [mean(all), median(all), Math.min(...all), Math.max(...all)];
    return [says, ...[...of(ours), ...of(fifo)].map((one) => one.toFixed(digits))];
  };
  const head = ["", "mean", "median", "least", "most", "FIFO mean", "median", "least", "most"];
  console.log(
    table([
      head,
      row("makespan by its lower bound", ({ span }) => span, 4),
      row("95 % of pull requests wait at most, minutes", ({ wait }) => wait / 60, 1),
      row("least share of a repository, %", ({ least }) => least * 100, 1),
    ]),
  );
  const ratio = mean(days.map(({ fifo }) => fifo.wait)) / mean(days.map(({ ours }) => ours.wait));
  console.log(
    `\nthe bound is ${mean(days.map(({ hours }) => hours)).toFixed(1)} hours; pull requests wait ${ratio.toFixed(0)} times shorter than first come, first served`,
  );
}
