import { z } from "zod";
import { Repo } from "../pipelines/repo.ts";
import { slug } from "../pipelines/run.ts";
import { Voice } from "./review/review.ts";

/** What there is to say of a pull request on a mailing list. `at`: ISO 8601. */
export const News = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("opened"), sha: z.string() }),
  z.strictObject({ kind: z.literal("head"), sha: z.string(), before: z.string() }),
  /** `tries`: the attempts of all stages, so that another outcome is another news. */
  z.strictObject({ kind: z.literal("ended"), run: z.string(), sha: z.string(), tries: z.int() }),
  z.strictObject({ kind: z.literal("voice"), voice: Voice }),
  /** `at`: what was said or pushed last. */
  z.strictObject({
    kind: z.literal("agreed"),
    state: z.enum(["consented", "lazy"]),
    sha: z.string(),
    acks: z.int(),
    need: z.int(),
    until: z.optional(z.string()),
    at: z.string(),
  }),
  z.strictObject({ kind: z.literal("closed"), sha: z.string(), at: z.string(), isMerged: z.boolean() }),
]);
export type News = z.infer<typeof News>;

const PullMail = z.strictObject({ v: z.literal(1), repo: Repo, pull: z.int(), news: News });
export type PullMail = z.infer<typeof PullMail>;

/** A release of a channel is out. */
const ReleaseMail = z.strictObject({
  v: z.literal(1),
  repo: Repo,
  released: z.strictObject({ channel: z.string(), number: z.string() }),
});
export type ReleaseMail = z.infer<typeof ReleaseMail>;

/** What the queue of mails carries: news, not words. Who is told, and how it stands by then, is asked when it is sent. */
export const MailsMessage = z.union([PullMail, ReleaseMail]);
export type MailsMessage = z.infer<typeof MailsMessage>;

/** What news *is*, as part of a message id: letters, digits, dots. Empty for the first mail of a thread. */
export function newsId(news: News): string {
  switch (news.kind) {
    case "opened":
      return "";
    case "head":
      return `head.${news.sha}`;
    case "ended":
      return `ended.${news.sha}.${news.tries}`;
    case "voice":
      return `${news.voice.kind}.${news.voice.person.id}.${news.voice.sha}.${digits(news.voice.at)}`;
    case "agreed":
      return `${news.state}.${news.sha}.${digits(news.at)}`;
    case "closed":
      return `${news.isMerged ? "merged" : "closed"}.${digits(news.at)}`;
    default:
      return news satisfies never;
  }
}

const digits = (at: string): string =>
  Array.from(at)
    .filter((c) => c >= "0" && c <= "9")
    .join("");

/** The same news has the same message id, so that a mail that was sent twice is seen to be one. */
export function messageId(
  { repo, pull }: { readonly repo: Pick<Repo, "id">; readonly pull: number },
  host: string,
  news?: News,
): string {
  const id = news ? newsId(news) : "";
  return `<pull.${repo.id}.${pull}${id === "" ? "" : `.${id}`}@${host}>`;
}

/** All of a channel's releases answer the first of them; without a number: what they answer. */
export function releaseId(
  { repo, released: { channel } }: ReleaseMail,
  host: string,
  number?: string,
): string {
  const of = `${repo.id}.${slug(channel)}`;
  return `<release.${of}${number === undefined ? "" : `.${number}`}@${host}>`;
}

/** What was sent of a pull request, or of a channel's releases. */
export const Thread = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** The message id under which the first mail travelled; a mail service may give it one of its own. */
    root: z.optional(z.string()),
    sent: z.readonly(z.array(z.strictObject({ news: z.string(), at: z.string() }))),
  }),
);
export type Thread = z.infer<typeof Thread>;

export const threadKey = (repoId: number, pull: number): string => `mails/${repoId}/${pull}.json`;

export const channelThreadKey = (repoId: number, channel: string): string =>
  `mails/${repoId}/channel/${slug(channel)}.json`;

export const newThread: Thread = { v: 1, sent: [] };

/** Mails of one thread on one day (UTC): a storm of pushes must not flood a list. */
export const A_DAY = 20;

/** More than a queue can bring back in the two weeks that it keeps a message. */
const KEPT = 1000;

/** `news`: what it is, as `newsId` has it, or the number of a release. */
export const isSent = ({ sent }: Thread, news: string): boolean => sent.some((one) => one.news === news);

/** How many more may be sent today. */
export const roomOn = ({ sent }: Thread, now: string): number =>
  A_DAY - sent.filter(({ at }) => dayOf(at) === dayOf(now)).length;

const dayOf = (at: string): string => at.slice(0, "2026-01-01".length);

/** `as`: the message id under which it travelled; others answer the first of a thread. */
export function mailed(
  thread: Thread,
  { news, isFirst }: { readonly news: string; readonly isFirst: boolean },
  { as, at }: { readonly as: string; readonly at: string },
): Thread {
  if (isSent(thread, news)) return thread;
  const root = thread.root ?? (isFirst ? as : undefined);
  const sent = [...thread.sent, { news, at }].slice(-KEPT);
  return { ...thread, ...(root !== undefined && { root }), sent };
}
