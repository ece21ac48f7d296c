import { code } from "../markdown/markdown.ts";

/** What `/cancel <channel>/<number>` is answered. */

interface Named {
  readonly channel: string;
  readonly number: string;
}

export const stopAnswers = {
  stopped: ({ channel, number }: Named): string =>
    `Stopped: ${code(number)} does not come to ${code(channel)}. ${code("Re-run")} on its check takes that back.`,
  over: ({ channel, number }: Named): string =>
    `Nothing to stop: ${code(number)} is not on its way to ${code(channel)}.`,
  publishing: ({ channel, number }: Named): string =>
    `Too late: ${code(number)} is being published to ${code(channel)}. ${code(`/rollback ${channel} <number>`)} takes the channel back.`,
} as const;

/** How to stop what is on its way. */
export const stopHint = (channel: string, number: string): string =>
  `${code(`/cancel ${channel}/${number}`)} stops it`;
