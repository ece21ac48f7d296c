import type { Before, BootBudget, Booted, Reached } from "./booted.ts";

/** In what boots are over their budget. The slower of the two boots counts against the seconds. */
export function overBudget(
  budget: BootBudget,
  {
    first,
    warm,
    before,
  }: { readonly first: Reached; readonly warm?: Reached | undefined; readonly before?: Before | undefined },
): Booted["over"] {
  const { seconds, slower } = budget;
  const longest = Math.max(first.login ?? 0, warm?.login ?? 0);
  const percent = Math.max(growth(before?.first, first) ?? 0, growth(before?.warm, warm) ?? 0);
  return [
    ...(seconds !== undefined && longest > seconds
      ? [{ what: "seconds" as const, is: rounded(longest), allowed: seconds }]
      : []),
    ...(slower !== undefined && percent > slower
      ? [{ what: "slower" as const, is: rounded(percent), allowed: slower }]
      : []),
  ];
}

/** By how many per cent a boot takes longer than the one before; below zero if it is faster. */
export function growth(before: Reached | undefined, now: Reached | undefined): number | undefined {
  const [was, is] = [before?.login, now?.login];
  return was === undefined || is === undefined || was <= 0 ? undefined : ((is - was) / was) * 100;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
