import type { Change, ProposedPlan } from "../config/plan.ts";
import { code } from "../markdown/markdown.ts";
import { problemLine } from "./config.ts";

/** How values are written in a plan. */
export const settings = {
  yes: "yes",
  nightly: (branch: string, time: string) => `${branch}, nightly at ${time} UTC`,
  promoted: (
    from: string,
    {
      tags,
      supportUntil,
    }: { readonly tags?: string | undefined; readonly supportUntil?: string | undefined },
  ) =>
    `promoted from ${from}${tags === undefined ? "" : `, by tags ${tags}…`}${supportUntil === undefined ? "" : `, until ${supportUntil}`}`,
  kept: (days: number) => `, old snapshots kept ${days} days`,
  minutes: (minutes: number) => `at most ${minutes} min`,
} as const;

const SUBJECT: Readonly<Record<Change["what"], string>> = {
  committer: "Committer",
  trusted: "Trusted author",
  channel: "Channel",
  setting: "Rule",
  job: "Job",
};

/** More rows than this are counted, not shown. */
const ROWS_MAX = 100;

export function planTitle(plan: ProposedPlan): string {
  if ("changes" in plan) return `${counted(plan.changes.length, "change")} to the rules, once merged`;
  return `${counted(plan.mistakes.length, "mistake")} in the proposed rules`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What a pull request's config would change, as Markdown. */
export function planSummary(plan: ProposedPlan): string {
  if ("mistakes" in plan) {
    const lines = plan.mistakes.map(problemLine).join("\n");
    return `The rules that this pull request proposes cannot be read:\n\n${lines}`;
  }
  if (plan.changes.length === 0)
    return "The rules that this pull request proposes change nothing of what is built.";
  const intro =
    "What the rules that this pull request proposes would change, once they are merged. Nothing of it holds before, and nothing of it was run.";
  return [intro, table(plan.changes), risen(plan.changes)].filter((part) => part !== "").join("\n\n");
}

function table(changes: readonly Change[]): string {
  const rows = changes.slice(0, ROWS_MAX).map(row);
  const more = changes.length > ROWS_MAX ? `\n\nAnd ${changes.length - ROWS_MAX} more.` : "";
  return `| | | now | proposed |\n|---|---|---|---|\n${rows.join("\n")}${more}`;
}

const row = ({ what, name, now, proposed }: Change): string =>
  `| ${SUBJECT[what]} | ${code(name)} | ${cell(now)} | ${cell(proposed)} |`;

const cell = (value: string | undefined): string => (value === undefined ? "–" : code(value));

/** Who may more than before is worth a second look. */
function risen(changes: readonly Change[]): string {
  const more = changes.filter(
    ({ what, now }) => (what === "committer" || what === "trusted") && now === undefined,
  );
  return more.length === 0
    ? ""
    : `**Look at the people:** ${more.length === 1 ? "one more would have a say" : `${more.length} more would have a say`} here.`;
}
