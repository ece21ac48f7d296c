import { type Check, type Conclusion, notice } from "../bot/check.ts";
import type { RepoRef } from "../bot/events.ts";
import { type Notice, notices } from "../bot/words/notices.ts";
import type { GitHub } from "../ports.ts";
import type { Outcome } from "./decide-commit.ts";

interface Ports {
  readonly github: Pick<GitHub, "shown" | "show">;
}

/** Nothing is built, and the commit says why. */
export async function refuse(
  ports: Ports,
  repo: RepoRef,
  { sha, conclusion, title, summary }: Notice & { sha: string; conclusion: Conclusion },
): Promise<Outcome> {
  const check = notice(sha, conclusion, { title, summary });
  await write(ports, { repo, sha, check, was: await noticeAt(ports, repo, sha) });
  return { because: title };
}

/** What was refused before is built now: a notice that still said no would hold the commit back. */
export async function settle(ports: Ports, repo: RepoRef, sha: string): Promise<void> {
  const was = await noticeAt(ports, repo, sha);
  const check = notice(sha, "success", notices.settled());
  if (was) await write(ports, { repo, sha, check, was });
}

type Shown = Awaited<ReturnType<GitHub["shown"]>>[number];

async function noticeAt({ github }: Ports, repo: RepoRef, sha: string): Promise<Shown | undefined> {
  const { externalId } = notice(sha, "success", notices.settled());
  return (await github.shown(repo, sha)).find(({ check }) => check.externalId === externalId);
}

/** The sweep asks again and again: only what differs is written. */
async function write(
  { github }: Ports,
  { repo, sha, check, was }: { repo: RepoRef; sha: string; check: Check; was: Shown | undefined },
): Promise<void> {
  if (was?.check.title === check.title && was.check.summary === check.summary) return;
  await github.show(repo, sha, { check, id: was?.id });
}
