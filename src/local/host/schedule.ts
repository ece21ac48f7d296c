import { matchesCron } from "./cron.ts";

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE };

export interface ScheduleOptions {
  /** `rate(5 minutes)` or `cron(0 3 * * ? *)`, in UTC. */
  readonly expression: string;
  /** Rates are multiplied by it. */
  readonly timeScale: number;
  readonly fire: () => Promise<void>;
}

/** Fires as an EventBridge schedule does, but never while the last time is not over. */
export function startSchedule({ expression, timeScale, fire }: ScheduleOptions): { close(): Promise<void> } {
  const { every, due } = readSchedule(expression);
  let last: Promise<void> | undefined;
  const tick = (): void => {
    if (last || !due(new Date())) return;
    last = fire().finally(() => {
      last = undefined;
    });
  };
  const timer = setInterval(tick, Math.max(1, every * timeScale));
  return {
    close: async () => {
      clearInterval(timer);
      await last;
    },
  };
}

function readSchedule(expression: string): { every: number; due: (at: Date) => boolean } {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count && unit) return { every: Number(count) * (UNITS[unit] ?? MINUTE), due: () => true };
  const [, fields] = /^cron\(([^)]+)\)$/.exec(expression) ?? [];
  if (fields === undefined) throw new Error(`The host does not know the schedule ${expression}.`);
  return { every: MINUTE, due: (at) => matchesCron(fields, at) };
}
