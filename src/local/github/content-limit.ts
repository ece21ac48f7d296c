import { refuse } from "./refusal.ts";

/** GitHub's secondary limit on what an installation writes. */
export interface ContentLimit {
  readonly perMinute: number;
  readonly perHour: number;
}

/** What GitHub's documentation gives as its general limit. */
export const usualContentLimit: ContentLimit = { perMinute: 80, perHour: 500 };

/** Counts writes of `who` at `nowMs`; throws 403 with `retry-after` (seconds) for those beyond the limit, which do not count. */
export type CountWrites = (who: string, writes: number, nowMs: number) => void;

export const contentLimits = (limit: ContentLimit | undefined): CountWrites => {
  if (!limit) return () => undefined;
  const written = new Map<string, number[]>();
  const windows = [
    { most: limit.perMinute, ms: 60_000 },
    { most: limit.perHour, ms: 3_600_000 },
  ];
  return (who, writes, nowMs) => {
    const held = (written.get(who) ?? []).filter((time) => time > nowMs - 3_600_000);
    const waits = windows.map((window) => waitMs(held, { ...window, writes, nowMs }));
    const wait = Math.max(...waits);
    if (wait > 0) throw tooMuch(Math.ceil(wait / 1000));
    written.set(who, [...held, ...Array.from({ length: writes }, () => nowMs)]);
  };
};

interface Asked {
  readonly most: number;
  readonly ms: number;
  readonly writes: number;
  readonly nowMs: number;
}

/** How long until so many writes fit into the window; a whole window for more than ever fit. */
const waitMs = (times: readonly number[], { most, ms, writes, nowMs }: Asked): number => {
  if (writes > most) return ms;
  const recent = times.filter((time) => time > nowMs - ms);
  const leaving = recent[recent.length + writes - most - 1];
  return leaving === undefined ? 0 : leaving + ms - nowMs;
};

const tooMuch = (seconds: number) =>
  refuse(
    403,
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
    { headers: { "retry-after": String(seconds) } },
  );
