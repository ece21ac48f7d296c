import { consensus, type Reviewed } from "../../bot/review/consensus.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { Review } from "../../bot/review/review.ts";
import { queuedReviewCheck, reviewCheck } from "../../bot/check/review.ts";
import { markerKey, type ReviewMarker } from "../../bot/review/marker.ts";
import { latest } from "../../bot/calendar.ts";
import { pullKey } from "../../pipelines/newest.ts";
import type { DecidePorts } from "./ports.ts";
import { type Judged, reviewOf } from "./judge-pull.ts";
import { tellList } from "../tell/tell-list.ts";
import { inPlaceOf, writeCheck } from "../tell/write-checks.ts";

interface Of extends Pick<Judged, "pull" | "config" | "review"> {
  readonly repo: RepoRef;
}

/** The check for the review of a pull request, where the rules ask for one, as things stand now. */
export async function showReview(ports: DecidePorts, of: Of): Promise<void> {
  if (!of.config.review) return;
  await showAsHeard(ports, of);
  // Of two voices at the same time each shows what it saw: whoever shows last must have seen both.
  const review = await reviewOf(ports, of.repo, of.pull.number);
  if (!isSame(review, of.review)) await showReview(ports, { ...of, review });
}

const isSame = (a: Review, b: Review): boolean => JSON.stringify(a.voices) === JSON.stringify(b.voices);

async function showAsHeard(ports: DecidePorts, of: Of): Promise<void> {
  const { repo, pull } = of;
  const { number, sha } = pull;
  const reviewed = await reviewedNow(ports, of);
  if (!reviewed) return;
  const found = consensus(reviewed);
  if (found.state === "waiting" && found.until !== undefined) {
    const marker: ReviewMarker = { v: 1, repo, number, until: found.until };
    await ports.blobs.put(markerKey(repo.id, number), JSON.stringify(marker));
  }
  const check = reviewCheck(number, reviewed, found);
  const shown = await ports.github.shown(repo, sha);
  const was = shown.findLast((one) => one.check.externalId === check.externalId);
  const isShown = was?.check.status === check.status && was.check.conclusion === check.conclusion;
  if (isShown && was.check.title === check.title && was.check.summary === check.summary) return;
  if (found.state === "consented" || found.state === "lazy") {
    const { state, acks, need, until } = found;
    const at = latest(reviewed.since, ...reviewed.voices.map((voice) => voice.at));
    // Before the check is written: who dies in between says it again.
    await tellList(ports, { repo, pull: number }, { kind: "agreed", state, sha, acks, need, until, at });
  }
  await writeCheck(ports, { at: repo, sha }, inPlaceOf(was, check));
}

/** The same check on a group of the merge queue, which would wait for it in vain. */
export async function showReviewed(ports: DecidePorts, repo: RepoRef, sha: string): Promise<void> {
  const check = queuedReviewCheck;
  const shown = await ports.github.shown(repo, sha);
  if (shown.some((one) => one.check.externalId === check.externalId)) return;
  await writeCheck(ports, { at: repo, sha }, inPlaceOf(undefined, check));
}

/** Who spoke is asked about at GitHub each time: a right that was lost takes its voice along. */
async function reviewedNow(
  ports: DecidePorts,
  { repo, pull, config, review }: Of,
): Promise<Reviewed | undefined> {
  if (!config.review) return undefined;
  const known = (await ports.newest.read(pullKey(repo.id, pull.number)))?.value;
  const since = known?.sha === pull.sha ? known.since : undefined;
  const now = ports.clock();
  const named = new Set(config.committers);
  const spoke = new Map(review.voices.map(({ person }) => [person.id, person]));
  const asked = await Promise.all(
    [...spoke.values()].map(async (person) =>
      named.has(person.id) || (await ports.github.canWrite(repo, person)) ? [person.id] : [],
    ),
  );
  return {
    rules: config.review,
    voices: review.voices,
    committers: asked.flat(),
    author: pull.author.id,
    sha: pull.sha,
    since: since ?? now,
    now,
  };
}
