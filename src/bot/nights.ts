import type { Config } from "./config/config.ts";

export interface Night {
  readonly channel: string;
  /** The day in UTC, `2026-11-21`. */
  readonly night: string;
}

/** The nightly channels whose time of day has passed; `at` is ISO 8601 in UTC. */
export function nightsDue({ channels = {} }: Pick<Config, "channels">, at: string): readonly Night[] {
  const [night, time] = [at.slice(0, "2026-11-21".length), at.slice(11, 16)];
  return Object.entries(channels)
    .filter(([, { nightly }]) => nightly !== undefined && nightly <= time)
    .map(([channel]) => ({ channel, night }));
}
