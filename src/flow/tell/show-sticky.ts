import { type Check, checksOf, type Telling } from "../../bot/check/check.ts";
import { type Review, reviewKey } from "../../bot/review/review.ts";
import { rowsOf } from "../../bot/check/rows.ts";
import { summaryOf } from "../../bot/check/summary.ts";
import { sticky, stickyMarker } from "../../bot/words/sticky.ts";
import type { Weight } from "../../pipelines/order/budget.ts";
import { type Comment, commentKey } from "../../pipelines/comment.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Line } from "../../pipelines/order/line.ts";
import { differenceKey, logKey, plotKey } from "../../pipelines/log/log.ts";
import { type Newest, pullKey } from "../../pipelines/newest.ts";
import type { Repo } from "../../pipelines/repo.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Records, Versioned } from "../../ports.ts";
import { lookAhead } from "./look-ahead.ts";
import type { MovePorts } from "../move-run.ts";
import { beSilent, spend, type SpendPorts } from "./spend.ts";
import { testedRun } from "./tested-run.ts";

export interface StickyPorts extends MovePorts, SpendPorts {
  readonly github: Pick<GitHub, "comment" | "say">;
  readonly newest: Pick<Records<Newest>, "read">;
  readonly reviews: Pick<Records<Review>, "read">;
  readonly comments: Records<Comment>;
  readonly lines: Pick<Records<Line>, "read">;
  readonly deployment: Deployment;
  /** Public address of the logs, without a slash at the end. */
  readonly logsUrl: string;
}

/** A pull request. */
export interface Of {
  readonly repo: Repo;
  readonly number: number;
  /** What is known of it where nobody has written down yet which commit is its newest. */
  readonly run?: Run | undefined;
}

/** While it is written others may write of something newer: it is looked at again, so often. */
const TRIES = 3;

/**
 * The one comment on a pull request, as its newest commit stands now; false where it has yet to be said. The newest
 * commit is the one that was decided about last: GitHub may know a newer one, but its delivery brings another report,
 * and the comment names the commit that it speaks of.
 */
export async function showSticky(ports: StickyPorts, of: Of, weight: Weight): Promise<boolean> {
  let body = await stickyOf(ports, of);
  for (let tries = 0; body !== undefined && tries < TRIES; tries += 1) {
    if (!(await say(ports, of, { body, weight }))) return false;
    const now = await stickyOf(ports, of);
    if (now === body) return true;
    body = now;
  }
  return body === undefined;
}

/** Undefined where there is nothing to say. */
async function stickyOf(ports: StickyPorts, { repo, number, run: first }: Of): Promise<string | undefined> {
  const [head, review] = await Promise.all([
    ports.newest.read(pullKey(repo.id, number)),
    ports.reviews.read(reviewKey(repo.id, number)),
  ]);
  const [newest, answers] = [head?.value ?? newestOf(first), review?.value.answers ?? []];
  if (!newest && answers.length === 0) return undefined;
  const run = newest?.run === undefined ? undefined : (await ports.runs.read(runKey(newest.run)))?.value;
  const rows = run ? rowsOf(run, await tellingOf(ports, run)) : [];
  return sticky({ newest, run, title: run && summaryOf(run).title, rows, answers });
}

/** Who decided may have been cut off between the two, and may never come again if the pull request is closed by then. */
const newestOf = (run: Run | undefined): Newest | undefined =>
  run && { v: 1, sha: run.trigger.sha, run: run.id };

/** Says it unless it is said already; false where GitHub takes no more for now. */
async function say(
  ports: StickyPorts,
  { repo, number }: Of,
  { body, weight }: { readonly body: string; readonly weight: Weight },
): Promise<boolean> {
  const { github, comments } = ports;
  const key = commentKey(repo.id, number);
  const known = await comments.read(key);
  const was = await github.comment(repo, number, { marker: stickyMarker, id: known?.value.id });
  if (was) await remember(comments, key, { known, id: was.id });
  if (was?.body === body) return true;
  const writes = [was || weight === "ended" ? weight : "new"] as const;
  if ((await spend(ports, repo.installation, { about: key, writes })) === 0) return false;
  const said = await github.say(repo, number, { body, id: was?.id });
  if (said.kind === "limited") await beSilent(ports, repo.installation, said);
  if (said.kind !== "written") return false;
  if (!was) await remember(comments, key, { known, id: said.id });
  return true;
}

/** Which comment is ours. It can be looked for, so that a write which somebody else has won is none the worse. */
async function remember(
  comments: Records<Comment>,
  key: string,
  { known, id }: { readonly known: Versioned<Comment> | undefined; readonly id: number },
): Promise<void> {
  if (known?.value.id === id) return;
  if (known) await comments.replace(key, { v: 1, id }, known.version);
  else await comments.create(key, { v: 1, id });
}

/** The checks that the run asks for. */
export const checksNow = async (ports: TellingPorts, run: Run): Promise<readonly Check[]> =>
  checksOf(run, await tellingOf(ports, run));

type TellingPorts = Pick<StickyPorts, "runs" | "lines" | "deployment" | "clock" | "logsUrl">;

/** What is known beside the record: its logs' addresses and its places in lines. */
async function tellingOf(ports: TellingPorts, run: Run): Promise<Telling> {
  const { deployment, logsUrl } = ports;
  const { waits } = await lookAhead(ports, run);
  return {
    // Logs of private repositories have no public address.
    logUrl: (attempt) => (run.repo.private ? undefined : `${logsUrl}/${pathOf(logKey(attempt))}`),
    differenceUrl: (attempt) => `${logsUrl}/${pathOf(differenceKey(attempt))}`,
    plotUrl: (attempt) => (run.repo.private ? undefined : `${logsUrl}/${pathOf(plotKey(attempt))}`),
    web: deployment.github.web,
    imageOf: (target, arch) => deployment.targets[target]?.images[arch],
    waits,
    tested: await testedRun(ports, run),
  };
}

/** S3 reads a raw `+` as a space. */
const pathOf = (key: string): string => encodeURI(key).replaceAll("+", "%2B");
