import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "./burst-check.ts";
import { RIVALS, servedDoors } from "./burst-order.ts";
import { type Answered, fire, type Shot, shots } from "./burst-shots.ts";
import type { Order, Ready } from "./burst-stack.ts";
import { cpuOf } from "./process-cpu.ts";
import { median, quantile, table } from "./numbers.ts";

const COUNT = 10_000;
/** Enough for the ratio; the rivals' losses are not looked for. */
const RIVAL_COUNT = 2_000;
const ROUNDS = 10;
const AT_ONCE = 64;
const SECRET = "a secret of the bench";
const KEYS = { deployer: "deployer of the bench", doors: "doors of the bench" };
/** Milliseconds: on a machine that is too busy, what was fired by then is what is told. */
const LAST_ROUND_STARTS = 190_000;

interface Round {
  readonly answered: readonly Answered[];
  readonly seconds: number;
  /** What the door's process took, in ms of CPU for each webhook. */
  readonly cpu: number;
}

/** 10,000 webhooks on the embedded stack, rivals in between. Gives what went wrong. */
export async function burst(): Promise<readonly string[]> {
  const end = performance.now() + LAST_ROUND_STARTS;
  const dir = await mkdtemp(path.join(tmpdir(), "bench-burst-"));
  const stack = fork(fileURLToPath(new URL("burst-stack.ts", import.meta.url)));
  try {
    const doors = await servedDoors(dir);
    stack.send({ dir, secrets: { WEBHOOK_SECRET: SECRET }, keys: KEYS, doors } satisfies Order);
    const [ready] = (await once(stack, "message")) as [Ready];
    const rounds = await fireAll(ready.urls, { files: doors.map(({ file }) => file), end });
    tell(rounds);
    const [ours = []] = rounds;
    const answered = ours.flatMap((round) => round.answered);
    const wrong = await check(ready, KEYS.deployer, answered);
    if (wrong.length === 0) console.log("\nnone lost, none doubled, none let in that was forged");
    return wrong;
  } finally {
    const gone = once(stack, "exit");
    stack.disconnect();
    await gone;
    await rm(dir, { recursive: true });
  }
}

/** The rounds of each door: 10,000 webhooks for the first, in turn with fewer for the others. */
async function fireAll(
  urls: readonly string[],
  { files, end }: { readonly files: readonly string[]; readonly end: number },
): Promise<readonly Round[][]> {
  const contenders = urls.map((url, i) => ({
    url,
    file: files[i] ?? "",
    parts: parts(shots(i === 0 ? COUNT : RIVAL_COUNT)),
    rounds: [] as Round[],
  }));
  for (let i = 0; i < ROUNDS && performance.now() < end; i += 1)
    for (const { parts, rounds, ...door } of contenders) rounds.push(await fireRound(parts[i] ?? [], door));
  return contenders.map(({ rounds }) => rounds);
}

const parts = (all: readonly Shot[]): readonly (readonly Shot[])[] => {
  const size = all.length / ROUNDS;
  return Array.from({ length: ROUNDS }, (_, i) => all.slice(i * size, (i + 1) * size));
};

async function fireRound(
  part: readonly Shot[],
  { url, file }: { readonly url: string; readonly file: string },
): Promise<Round> {
  const [start, before] = [performance.now(), await cpuOf(file)];
  const answered = await fire(part, { url, secret: SECRET, atOnce: AT_ONCE });
  const seconds = (performance.now() - start) / 1000;
  return { answered, seconds, cpu: ((await cpuOf(file)) - before) / part.length };
}

/** In the order of the doors. */
const NAMES = ["millwright", ...RIVALS];

function tell([ours = [], ...rivals]: readonly Round[][]): void {
  console.log(`bursts on the embedded stack, ${AT_ONCE} at once, ${ours.length} rounds in turn:\n`);
  const rows = [ours, ...rivals].map((rounds, i) => {
    const all = rounds.flatMap(({ answered }) => answered);
    const ms = all.map((one) => one.ms);
    const rates = rounds.map(({ answered, seconds }) => answered.length / seconds);
    const ratio = (of: (round: Round) => number) =>
      `${median(rounds.map((one, round) => of(one) / of(ours[round] ?? one))).toFixed(1)}x`;
    return [
      NAMES[i] ?? "",
      String(all.length),
      quantile(ms, 0.5).toFixed(0),
      quantile(ms, 0.99).toFixed(0),
      median(rates).toFixed(0),
      ratio(p50),
      median(rounds.map(({ cpu }) => cpu)).toFixed(2),
      ratio(({ cpu }) => cpu),
    ];
  });
  const head = ["", "webhooks", "p50 ms", "p99 ms", "per second", "p50 ratio", "door's CPU ms", "CPU ratio"];
  console.log(table([head, ...rows]));
  if (ours.length < ROUNDS)
    console.log("\nthis machine was too busy for all rounds within the time of a bench");
}

const p50 = ({ answered }: Round): number => median(answered.map(({ ms }) => ms));
