import { callerName } from "./api-calls.ts";
import type { Caller } from "./auth.ts";

export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** Counts calls per caller and hour: 5,000 of an app or a person, 60 of nobody. */
export const rateLimits = () => {
  const counts = new Map<string, { used: number; reset: number }>();
  return (caller: Caller, nowMs: number, cost = 1): RateLimit => {
    const key = callerName(caller);
    const now = Math.floor(nowMs / 1000);
    let count = counts.get(key);
    if (!count || count.reset <= now) count = { used: 0, reset: now + 3600 };
    count.used += cost;
    counts.set(key, count);
    const limit = caller.kind === "nobody" ? 60 : 5000;
    return { limit, used: count.used, remaining: Math.max(0, limit - count.used), reset: count.reset };
  };
};

export const rateLimitHeaders = (
  { limit, remaining, used, reset }: RateLimit,
  resource: "core" | "graphql" = "core",
): Record<string, string> => ({
  "x-ratelimit-limit": String(limit),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-used": String(used),
  "x-ratelimit-reset": String(reset),
  "x-ratelimit-resource": resource,
});
