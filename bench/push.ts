import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { median, table } from "./numbers.ts";
import { type Call, inSequence } from "./push-calls.ts";
import { oneByOne } from "./push-rival.ts";
import { openTown, propose, type Town } from "./push-town.ts";

/** Milliseconds that each call of GitHub's API takes at least. */
const DELAY = 100;
const SIZES = [1, 10, 100] as const;
const ROUNDS = 3;
/** Seconds within which the checks of a push are looked for. */
const PATIENCE = 60;
const GOAL = 3;

interface Round {
  readonly seconds: number;
  /** Calls in sequence until then. */
  readonly calls: number;
}

interface Ours extends Round {
  /** Until a check of it was on GitHub. */
  readonly shown: number;
  /** Requests that wrote checks, and how many checks they wrote. */
  readonly requests: number;
  readonly checks: number;
}

/** From a delivery's arrival to StartBuild, with a GitHub that takes its time. Gives what went wrong. */
export async function push(): Promise<readonly string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), "bench-push-"));
  const town = await openTown(dir);
  try {
    // Doors that were never asked before are still to be loaded.
    await ours(town, await propose(town, "warm", 1), 1);
    const rows = [];
    for (const size of SIZES) rows.push(await inTurn(town, size));
    tell(rows);
    return rows.flatMap(({ size, mine }) =>
      mine
        .filter(({ calls }) => calls > GOAL)
        .map(({ calls }) => `${size} targets took ${calls} calls in sequence`),
    );
  } finally {
    await town.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function inTurn(town: Town, targets: number) {
  const [mine, theirs]: [Ours[], Round[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const owner = `owner-${targets}-${round}`;
    const proposed = await propose(town, owner, targets);
    mine.push(await ours(town, proposed, targets));
    // A hundred calls take long enough that once tells.
    if (theirs.length === 0 || targets < 100) theirs.push(await rival(town, proposed, targets));
  }
  return { size: targets, mine, theirs };
}

type Proposed = Awaited<ReturnType<typeof propose>>;

async function ours(town: Town, { at, started }: Proposed, targets: number): Promise<Ours> {
  const { admin } = town.github;
  admin.forgetCalls();
  admin.delay(DELAY);
  const start = performance.now();
  await admin.release();
  const end = await started;
  const calls = callsUntilBorn(admin.calls(), at.installation);
  const { shown, requests, checks } = await lookForChecks(town, start, targets + 1);
  admin.delay(0);
  return { seconds: (end - start) / 1000, calls, shown, requests, checks };
}

/** The same pull request once more, by the rival's way. */
async function rival(town: Town, { at, number }: Proposed, targets: number): Promise<Round> {
  const { admin } = town.github;
  admin.delay(DELAY);
  const start = performance.now();
  const calls = await oneByOne({ app: town.app, at, number, author: at.owner, targets });
  const seconds = (performance.now() - start) / 1000;
  admin.delay(0);
  return { seconds, calls };
}

/** What a run is born of is read last; what comes after it goes its own way, beside what leads to a build. */
const LAST = ["git/get-tree", "repos/compare-commits-with-basehead"];

function callsUntilBorn(all: readonly (Call & { readonly caller: string })[], installation: number): number {
  const own = all.filter(({ caller }) => caller === `installation ${installation}`);
  const last = LAST.map((operation) => own.find((call) => call.operation === operation)?.ended ?? 0);
  const until = own.filter(({ ended }) => ended <= Math.max(...last));
  // The token that they are asked with was made before.
  return 1 + inSequence(until);
}

async function lookForChecks({ github }: Town, start: number, wanted: number) {
  const written = () =>
    github.admin.calls().filter(({ operation }) => operation.startsWith("createCheckRun"));
  // Of more than GitHub's limit allows the rest is told a minute later.
  const most = Math.min(wanted, 70);
  for (let left = PATIENCE * 10; left > 0; left -= 1) {
    const calls = written();
    const checks = calls.reduce((sum, { count }) => sum + count, 0);
    if (checks >= most)
      return { shown: ((calls[0]?.ended ?? Number.NaN) - start) / 1000, requests: calls.length, checks };
    await pause(100);
  }
  return { shown: Number.NaN, requests: 0, checks: 0 };
}

function tell(rows: readonly Awaited<ReturnType<typeof inTurn>>[]): void {
  console.log(`from a delivery to StartBuild, with ${DELAY} ms for each call of GitHub's API, medians:\n`);
  const head = [
    "targets",
    "seconds",
    "calls in sequence",
    "first checks s",
    "requests",
    "checks",
    "one by one s",
    "calls",
    "ratio",
  ];
  const lines = rows.map(({ size, mine, theirs }) => {
    const of = (get: (round: Ours) => number) => median(mine.map(get));
    const [seconds, rivals] = [of((round) => round.seconds), median(theirs.map((round) => round.seconds))];
    return [
      String(size),
      seconds.toFixed(2),
      String(of(({ calls }) => calls)),
      of(({ shown }) => shown).toFixed(2),
      String(of(({ requests }) => requests)),
      String(of(({ checks }) => checks)),
      rivals.toFixed(2),
      String(median(theirs.map(({ calls }) => calls))),
      `${(rivals / seconds).toFixed(1)}x`,
    ];
  });
  console.log(table([head, ...lines]));
}
