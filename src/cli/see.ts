import { setTimeout as pause } from "node:timers/promises";
import type { Octokit } from "@octokit/rest";
import type { Person } from "./git.ts";
import type { Proposed } from "./propose.ts";
import type { Stage } from "./stage.ts";

/** What people see on GitHub, asked of its API as anybody may. */

export type CheckRun = Awaited<
  ReturnType<Octokit["rest"]["checks"]["listForRef"]>
>["data"]["check_runs"][number];

/** The check that speaks for a whole commit. */
export const WHOLE = "millwright";

export const checkNamed = (checks: readonly CheckRun[], name: string): CheckRun | undefined =>
  checks.find((check) => check.name === name);

/** The checks of jobs. */
export const jobsOf = (checks: readonly CheckRun[]): readonly CheckRun[] =>
  checks.filter(({ name }) => name.startsWith("rpm:"));

const isOver = ({ status }: CheckRun): boolean => status === "completed";

/** All that is shown has ended, and there are jobs among it. */
export const isBuilt = (checks: readonly CheckRun[]): boolean =>
  jobsOf(checks).length > 0 && checkNamed(checks, WHOLE) !== undefined && checks.every(isOver);

export async function checksOn({ town }: Stage, ref: string): Promise<readonly CheckRun[]> {
  const { owner, repo, maintainer } = town;
  const { data } = await town.as(maintainer).rest.checks.listForRef({ owner, repo, ref, per_page: 100 });
  return data.check_runs;
}

/** The newest commit of `main`. */
export async function headOf({ town }: Stage): Promise<string> {
  const { owner, repo, maintainer } = town;
  const { data } = await town.as(maintainer).rest.repos.getBranch({ owner, repo, branch: "main" });
  return data.commit.sha;
}

/** Looks at the checks of a commit until they are as wanted, and tells each change once. */
export async function untilChecks(
  stage: Stage,
  sha: string,
  isWanted: (checks: readonly CheckRun[]) => boolean = isBuilt,
): Promise<readonly CheckRun[]> {
  const told = new Set<string>();
  return until(`the checks of ${sha.slice(0, 10)}`, async () => {
    const checks = await checksOn(stage, sha);
    for (const line of checks.flatMap(newsOf).filter((one) => !told.has(one))) {
      told.add(line);
      stage.tell.detail(line);
    }
    return isWanted(checks) ? checks : undefined;
  });
}

/** Nothing while a check waits: places in line change all the time. */
function newsOf({ name, status, conclusion, output, started_at, completed_at }: CheckRun): readonly string[] {
  if (status === "queued" || (name === WHOLE && status !== "completed")) return [];
  const seconds = (Date.parse(completed_at ?? "") - Date.parse(started_at ?? "")) / 1000;
  const took = seconds > 0 ? `  (${seconds.toFixed(1)} s)` : "";
  return [`${name}: ${conclusion === null ? "" : `${conclusion}: `}${output.title ?? ""}${took}`];
}

/** Tells a check's remarks; answers the lines of a file that have one. */
export async function remarkedLines(
  { town, tell }: Stage,
  { id }: CheckRun,
  file: string,
): Promise<readonly number[]> {
  const { owner, repo, maintainer } = town;
  const { data } = await town.as(maintainer).rest.checks.listAnnotations({ owner, repo, check_run_id: id });
  for (const { path, start_line, message } of data) tell.detail(`${path}:${start_line}: ${message}`);
  return data.filter(({ path }) => path === file).map(({ start_line }) => start_line);
}

/** The first line of a text that has these words, from 1. */
export const lineOf = (text: string | null | undefined, words: string): number =>
  (text ?? "").split("\n").findIndex((line) => line.includes(words)) + 1;

/** What our one comment answers to this line of a comment, once it says these words. */
export async function untilAnswer(
  { town, tell }: Stage,
  { number }: Proposed,
  { to, says }: { readonly to: string; readonly says: string },
): Promise<string> {
  const { owner, repo, maintainer } = town;
  const { rest } = town.as(maintainer);
  const answer = await until(`an answer with "${says}" on pull request ${number}`, async () => {
    const { data } = await rest.issues.listComments({ owner, repo, issue_number: number });
    const body = data.find(({ user }) => user?.type === "Bot")?.body ?? "";
    const [, ...parts] = body.split("\n---\n");
    const part = parts.findLast((one) => one.includes(`asked \`${to}\``) && one.includes(says));
    // The comment's last line is no part of the answer.
    return part?.split("\n\n").filter((one) => !one.startsWith("`/help`"));
  });
  tell.detail(answer.join("\n\n").trim());
  return answer.join("\n\n");
}

/** Somebody comments, and sees by a reaction that it was heard. */
export async function say(stage: Stage, { number }: Proposed, { by, body }: Spoken): Promise<void> {
  const { owner, repo } = stage.town;
  const { rest } = stage.town.as(by);
  stage.tell.step(`${by.login} comments "${body}".`);
  const { data } = await rest.issues.createComment({ owner, repo, issue_number: number, body });
  await until(`a reaction to "${body}"`, async () => {
    const reactions = await rest.reactions.listForIssueComment({ owner, repo, comment_id: data.id });
    return reactions.data.find(({ user }) => user?.type === "Bot");
  });
}

interface Spoken {
  readonly by: Person;
  readonly body: string;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < WAIT_SECONDS; waited += 0.5) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await pause(500);
  }
  throw new Error(`${what}: not seen in ${WAIT_SECONDS} s`);
}

const WAIT_SECONDS = 900;
