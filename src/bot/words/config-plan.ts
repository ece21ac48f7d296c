import type { Change, ProposedPlan } from "../config-plan.ts";
import { code } from "../markdown.ts";
import type { Unbuilt } from "../recipes.ts";
import type { Untouched } from "../touched.ts";
import { problemLine } from "./config.ts";

/** How values are written in a plan. */
export const settings = {
  yes: "yes",
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

const KIND: Readonly<Record<Unbuilt["kind"], string>> = {
  service: "a `_service` without a spec beside it",
  image: "an image description",
  tree: "a treefile",
};

/** What was found and cannot be built yet. */
export const unbuilt = ({ kind, path }: Unbuilt): string =>
  `${code(path)} is ${KIND[kind]}: found, not built by this version.`;

/** Why a recipe is left out of a pull request's run, as plain text. */
export const leftOut = ({ because }: Untouched): string =>
  because.rule === "skip"
    ? "the config says to skip it"
    : `nothing changed in ${because.paths.map(placeName).join(", ")}`;

const placeName = (path: string): string => (path === "." ? "the root of the repository" : path);
