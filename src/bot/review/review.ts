import { z } from "zod";
import { isLater } from "../calendar.ts";
import { shorten } from "../shorten.ts";

/** An ACK or NACK that stands. What its giver may do is asked of GitHub whenever it is counted. */
export const Voice = z.readonly(
  z.strictObject({
    person: z.readonly(z.strictObject({ id: z.int(), login: z.string() })),
    kind: z.enum(["ack", "nack"]),
    /** The commit it speaks of, in full. */
    sha: z.string(),
    /** When GitHub has the comment from, ISO 8601 in UTC. */
    at: z.string(),
  }),
);
export type Voice = z.infer<typeof Voice>;

/** What was answered to one line of a comment; `said` is Markdown. */
export const Answer = z.readonly(
  z.strictObject({ comment: z.int(), by: z.string(), line: z.string(), said: z.string(), at: z.string() }),
);
export type Answer = z.infer<typeof Answer>;

/** What people said on a pull request, and what they were answered. */
export const Review = z.readonly(
  z.strictObject({
    v: z.literal(1),
    voices: z.readonly(z.array(Voice)),
    answers: z.readonly(z.array(Answer)),
    /** Lines of comments that were obeyed already (`<comment>:<which command>`), the newest. */
    done: z.readonly(z.array(z.string())),
    /** Unknown commands that were answered already. */
    unknown: z.readonly(z.array(z.string())),
  }),
);
export type Review = z.infer<typeof Review>;

export const reviewKey = (repoId: number, number: number): string => `reviews/${repoId}/${number}.json`;

export const newReview: Review = { v: 1, voices: [], answers: [], done: [], unknown: [] };

const MAX = {
  voices: 200,
  acks: 4,
  answers: 6,
  unknown: 50,
  done: 500,
  login: 100,
  sha: 64,
  line: 200,
  said: 8000,
};

/**
 * Of each person stand the newest NACK, and later ACKs, one for each commit: a NACK takes back all ACKs that are
 * not newer. Hearing a voice twice, or voices out of order, never lets an ACK stand that was taken back.
 */
export function speak(review: Review, spoken: Voice): Review {
  const { id, login } = spoken.person;
  // Cut short, it would name another commit.
  if (spoken.sha.length > MAX.sha) return review;
  const voice: Voice = { ...spoken, person: { id, login: login.slice(0, MAX.login) } };
  const theirs = review.voices.filter(({ person }) => person.id === id);
  if (theirs.some((earlier) => isSettled(voice, earlier))) return review;
  const kept = theirs.filter(
    ({ kind, at }) => voice.kind === "ack" || (kind === "ack" && isLater(at, voice.at)),
  );
  const acks = [...kept, voice].filter(({ kind }) => kind === "ack");
  const spare = new Set(acks.toSorted(byAge).slice(0, -MAX.acks));
  const others = review.voices.filter(({ person }) => person.id !== id);
  return { ...review, voices: bounded([...others, ...kept, voice].filter((one) => !spare.has(one))) };
}

/** Is there nothing new in a voice, since this one of the same person stands? */
const isSettled = (voice: Voice, standing: Voice): boolean =>
  standing.kind === "nack"
    ? !isLater(voice.at, standing.at)
    : voice.kind === "ack" && voice.sha === standing.sha;

/** When there are too many, the oldest ACKs go first: without one less may be done, without a NACK more. */
function bounded(voices: readonly Voice[]): readonly Voice[] {
  const over = voices.length - MAX.voices;
  if (over <= 0) return voices;
  const dear = (voice: Voice) => (voice.kind === "ack" ? 0 : 1);
  const gone = new Set(voices.toSorted((a, b) => dear(a) - dear(b) || byAge(a, b)).slice(0, over));
  return voices.filter((voice) => !gone.has(voice));
}

const byAge = (a: Voice, b: Voice): number => Number(isLater(a.at, b.at)) - Number(isLater(b.at, a.at));

/** The commit that was ACKed last, if it is another. */
export const ackedBefore = ({ voices }: Review, sha: string): string | undefined =>
  voices
    .filter((voice) => voice.kind === "ack" && voice.sha !== sha)
    .toSorted(byAge)
    .at(-1)?.sha;

/** Keeps the newest answers; one for the same line of the same comment replaces the earlier one. */
export function answered(review: Review, answer: Answer): Review {
  const { comment } = answer;
  const line = answer.line.slice(0, MAX.line);
  const by = answer.by.slice(0, MAX.login);
  const others = review.answers.filter((other) => other.comment !== comment || other.line !== line);
  const answers = [...others, { ...answer, by, line, said: shorten(answer.said, MAX.said) }];
  return {
    ...review,
    answers: answers
      .toSorted((a, b) => Number(isLater(a.at, b.at)) - Number(isLater(b.at, a.at)))
      .slice(-MAX.answers),
  };
}

/** An unknown command is answered once on a pull request: is this the first time? */
export const isNew = ({ unknown }: Review, command: string): boolean =>
  !unknown.includes(command.slice(0, MAX.line));

export const wondered = (review: Review, command: string): Review =>
  isNew(review, command)
    ? { ...review, unknown: [...review.unknown, command.slice(0, MAX.line)].slice(-MAX.unknown) }
    : review;

/** A redelivered comment is not obeyed twice. */
export const isDone = ({ done }: Review, key: string): boolean => done.includes(key);

export const finished = (review: Review, key: string): Review =>
  isDone(review, key) ? review : { ...review, done: [...review.done, key].slice(-MAX.done) };
