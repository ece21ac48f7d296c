/** What a line can do that a reviewer wants to know of, gravest first. */
export const RISKS = [
  "unread",
  "shell",
  "lua",
  "expansion",
  "include",
  "service",
  "kiwiScript",
  "kiwi",
  "scriptlet",
  "setuid",
  "privileged",
  "source",
  "config",
  "override",
  "network",
] as const;
export type RiskKind = (typeof RISKS)[number];

/** A risky line, from 1. Lines of one `key` are of equal risk, wherever in the file they stand. */
export interface Finding {
  readonly line: number;
  readonly what: RiskKind;
  readonly text: string;
  readonly key: string;
}

/** A numbered line of a file. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

export const linesOf = (text: string): readonly Line[] =>
  text.split("\n").map((text, i) => ({ line: i + 1, text }));

/** Short names for long texts: within one map, equal texts have equal numbers. */
export type Numbers = Map<string, number>;

export function numberOf(numbers: Numbers, text: string): number {
  const number = numbers.get(text) ?? numbers.size + 1;
  numbers.set(text, number);
  return number;
}
