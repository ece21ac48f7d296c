import { html } from "hono/html";
import { suiteOf } from "../check-run-view.ts";
import { requiredChecks } from "../required-checks.ts";
import type { CheckRun, Repository } from "../state.ts";
import { appById, fullName, userById, type World } from "../world.ts";
import type { Html } from "./layout.ts";

/** A sign, a colour and a word for each way that a check may stand. */
const marks: Readonly<Record<string, readonly [sign: string, kind: string, words: string]>> = {
  success: ["✓", "good", "Successful"],
  failure: ["✗", "bad", "Failed"],
  error: ["✗", "bad", "Error"],
  timed_out: ["✗", "bad", "Timed out"],
  action_required: ["!", "busy", "Action required"],
  cancelled: ["–", "quiet", "Cancelled"],
  skipped: ["–", "quiet", "Skipped"],
  neutral: ["–", "quiet", "Neutral"],
  stale: ["–", "quiet", "Stale"],
  queued: ["●", "busy", "Queued"],
  pending: ["●", "busy", "Pending"],
  in_progress: ["●", "busy", "In progress"],
  expected: ["○", "busy", "Expected"],
};

const markOf = (word: string) => marks[word] ?? (["●", "quiet", word] as const);

/** How a check stands, by sign, colour and word. */
export const standing = (word: string): Html => {
  const [sign, kind, words] = markOf(word);
  return html`<span class="mark ${kind}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
};

/** Green, red, on its way or without weight, for an edge or a sum. */
export const kindOf = (word: string): string => markOf(word)[1];

const order = ["bad", "busy", "good", "quiet"];

/** What asks for attention before what is well. */
export const worstFirst = <T>(list: readonly T[], wordOf: (one: T) => string): readonly T[] =>
  list.toSorted((a, b) => order.indexOf(kindOf(wordOf(a))) - order.indexOf(kindOf(wordOf(b))));

export const wordOf = ({ conclusion, status }: CheckRun): string => conclusion ?? status;

/** The newest runs at a commit, in the order of their names. */
export const runsAt = (world: World, repository: Repository, sha: string): readonly CheckRun[] => {
  const suites = world.state.suites.filter((one) => one.repository === repository.id && one.sha === sha);
  const ids = new Set(suites.map(({ id }) => id));
  const newest = new Map<string, CheckRun>();
  for (const run of world.state.runs)
    if (ids.has(run.suite)) newest.set(`${appOfRun(world, run)} ${run.name}`, run);
  return [...newest.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
};

export const appOfRun = (world: World, run: CheckRun): string => appById(world, suiteOf(world, run).app).slug;

/** A check or a status as one line. */
export interface Line {
  readonly name: string;
  readonly word: string;
  readonly title: string | null;
  readonly by: string;
  readonly href: string | null;
  readonly required: boolean;
}

const onTheWeb = (address: string | null): string | null =>
  address !== null && /^https?:\/\//.test(address) ? address : null;

interface At {
  readonly repository: Repository;
  readonly sha: string;
  /** The branch that it is to be merged into, whose rules count. */
  readonly base?: string | undefined;
}

/** Everything that is said, and everything that must be said, about a commit. */
export const linesAt = (world: World, { repository, sha, base }: At): readonly Line[] => {
  const wanted = base === undefined ? [] : requiredChecks(world, repository, { branch: base, sha });
  const required = new Set(wanted.map(({ name }) => name));
  const runs = runsAt(world, repository, sha).map((run) => ({
    name: run.name,
    word: wordOf(run),
    title: run.title,
    by: appOfRun(world, run),
    href: `/${fullName(world, repository)}/runs/${run.id}`,
    required: required.has(run.name),
  }));
  const here = world.state.statuses.filter((one) => one.repository === repository.id && one.sha === sha);
  const statuses = [...new Map(here.map((one) => [one.context, one])).values()].map((one) => ({
    name: one.context,
    word: one.state,
    title: one.description,
    by: userById(world, one.author).login,
    href: onTheWeb(one.targetUrl),
    required: required.has(one.context),
  }));
  const missing = wanted
    .filter((one) => one.standing === "expected")
    .map(({ name }) => ({ name, word: "expected", title: null, by: "", href: null, required: true }));
  return [...runs, ...statuses, ...missing];
};

/** One check or status as a row of a list. */
export const lineRow = ({ name, word, title, by, href, required }: Line): Html =>
  html`<li class="line">
    ${standing(word)}
    <span class="grow"
      >${href === null ? html`<strong>${name}</strong>` : html`<a href="${href}">${name}</a>`}${
        title ? html` <span class="quiet">— ${title}</span>` : ""
      }</span
    >
    ${required ? html`<span class="tag">required</span>` : ""}
    ${by === "" ? "" : html`<span class="quiet small">${by}</span>`}
  </li>`;
