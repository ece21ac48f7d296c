import type { Config, ConfigProblem } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import { newReview, type Review, reviewKey } from "../../bot/review/review.ts";
import { type Leave, mayBuild } from "../../bot/trust.ts";
import type { Pull } from "../../bot/pull.ts";
import { ownCommitKey, ownPullKey } from "../../pipelines/service/update-records.ts";
import type { DecidePorts } from "./ports.ts";
import { isConfig, rulesOf } from "../rules-of.ts";

/** An open pull request with all that is needed to judge its head, as GitHub and our records have it now. */
export interface Judged {
  readonly pull: Pull;
  readonly config: Config;
  readonly review: Review;
  readonly leave: Leave;
}

export type Judgement =
  | { readonly kind: "gone" }
  | { readonly kind: "closed"; readonly pull: Pull }
  | { readonly kind: "unruled"; readonly pull: Pull; readonly problems: readonly ConfigProblem[] }
  | ({ readonly kind: "judged" } & Judged);

export async function judgePull(ports: DecidePorts, repo: RepoRef, number: number): Promise<Judgement> {
  const [pull, config, review] = await Promise.all([
    ports.github.pull(repo, number),
    rulesOf(ports, repo),
    reviewOf(ports, repo, number),
  ]);
  if (!pull) return { kind: "gone" };
  if (!pull.isOpen) return { kind: "closed", pull };
  if (!isConfig(config)) return { kind: "unruled", pull, problems: config };
  const leave = await leaveFor(ports, repo, { pull, config, review });
  return { kind: "judged", pull, config, review, leave };
}

export const reviewOf = async (
  { reviews }: Pick<DecidePorts, "reviews">,
  repo: Pick<RepoRef, "id">,
  number: number,
): Promise<Review> => (await reviews.read(reviewKey(repo.id, number)))?.value ?? newReview;

/** Who ACKed is asked about again: a right that was lost takes its ACKs along. */
async function leaveFor(
  { github, ownCommits }: DecidePorts,
  repo: RepoRef,
  { pull, config, review }: Omit<Judged, "leave">,
): Promise<Leave> {
  const acks = review.voices.filter(({ kind }) => kind === "ack");
  const people = new Map([pull.author, ...acks.map(({ person }) => person)].map((one) => [one.id, one]));
  const known = new Set(config.committers);
  const asked = await Promise.all(
    [...people.values()].map(async (person) => {
      const canWrite = !known.has(person.id) && (await github.canWrite(repo, person));
      return [person.id, { ...person, canWrite }] as const;
    }),
  );
  const rights = new Map(asked);
  const fork = pull.headRepo === null ? "gone" : pull.headRepo !== repo.id;
  const author = rights.get(pull.author.id) ?? { id: pull.author.id, canWrite: false };
  const isAsked = fork === false && !author.canWrite;
  return mayBuild({
    isOwn: isAsked && (await isOurs(ownCommits, repo, pull)),
    event: "pull",
    fork,
    headOwner: pull.headOwner,
    sha: pull.sha,
    author,
    committers: config.committers,
    trusted: config.trusted,
    acks: acks.flatMap(({ sha, person: { id } }) => {
      const person = rights.get(id);
      return person ? [{ sha, person }] : [];
    }),
  });
}

/** A commit of ours is known before its pull request is; what others push to that later has its number alone. */
async function isOurs(
  own: DecidePorts["ownCommits"],
  { id }: RepoRef,
  { sha, number }: Pull,
): Promise<boolean> {
  const known = await Promise.all([ownCommitKey(id, sha), ownPullKey(id, number)].map((key) => own.get(key)));
  return known.some((one) => one !== undefined);
}
