import { code } from "../markdown/markdown.ts";

/** Answers to `/nightly`. `said`: what was decided, as the ledger has it. */
export const nightlyAnswers = {
  none: "The config names no nightly channel.",
  which: (channels: readonly string[]): string =>
    `Which channel is meant? Nightly are: ${channels.map((name) => code(name)).join(", ")}.`,
  started: (channel: string, said: string): string =>
    `The next of ${code(channel)} is under way: ${said}. The check ${code(`millwright:${channel}`)} on its commit tells how it goes.`,
  nothing: (channel: string, said: string): string => `Nothing is built for ${code(channel)}: ${said}.`,
} as const;
