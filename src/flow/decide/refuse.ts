import { type Check, type Conclusion, notice, SUMMARY, summaryCheck } from "../../bot/check/check.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { Notice } from "../../bot/words/notices.ts";
import type { Run } from "../../pipelines/run.ts";
import type { GitHub, Shown } from "../../ports-github.ts";
import type { Outcome } from "./ports.ts";
import { inPlaceOf, writeCheck, type WritePorts } from "../tell/write-checks.ts";

interface Ports extends WritePorts {
  readonly github: Pick<GitHub, "shown" | "show">;
}

interface Refusal extends Notice, Pick<Check, "annotations" | "buttons"> {
  readonly about: string;
  readonly sha: string;
  readonly conclusion: Conclusion;
}

/** Nothing is built, and the commit says why. */
export async function refuse(
  ports: Ports,
  repo: RepoRef,
  { about, sha, conclusion, ...said }: Refusal,
): Promise<Outcome> {
  const check = notice(about, conclusion, said);
  await write(ports, { repo, sha, check, was: await noticeAt(ports, repo, sha) });
  return { because: said.title };
}

/** What was refused before is built now: a notice that still said no would hold the commit back. */
export async function settle(ports: Ports, repo: RepoRef, run: Run): Promise<void> {
  const { sha } = run.trigger;
  const was = await noticeAt(ports, repo, sha);
  if (was) await write(ports, { repo, sha, check: summaryCheck(run), was });
}

/** The notice that speaks for the commit, if it is what does. */
async function noticeAt({ github }: Ports, repo: RepoRef, sha: string): Promise<Shown | undefined> {
  const newest = (await github.shown(repo, sha)).findLast(({ check }) => check.name === SUMMARY);
  return newest?.check.externalId.startsWith("notice#") ? newest : undefined;
}

/** The sweep asks again and again: only what differs is written. */
async function write(
  ports: Ports,
  { repo, sha, check, was }: { repo: RepoRef; sha: string; check: Check; was: Shown | undefined },
): Promise<void> {
  // What it is about decides what a re-run asks for: the same words of something else are another notice.
  if (was && isSame(was.check, check)) return;
  await writeCheck(ports, { at: repo, sha }, inPlaceOf(was, check));
}

const isSame = (a: Check, b: Check): boolean =>
  a.externalId === b.externalId && a.title === b.title && a.summary === b.summary;
