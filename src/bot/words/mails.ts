import type { Check } from "../check/check.ts";
import type { News } from "../mails.ts";
import { oneLine, quotation } from "../markdown/plain-text.ts";
import { acksOf } from "./review.ts";

/** What mails to a list say: plain text, for people who read it without the page. */

export interface MailFacts {
  readonly news: News;
  readonly repo: { readonly owner: string; readonly name: string };
  readonly pull: {
    readonly number: number;
    readonly title: string;
    readonly author: { readonly login: string };
    readonly base: { readonly branch: string };
    readonly description?: string | undefined;
  };
  /** The code host's address for people. */
  readonly web: string;
  /** How the run stands, where the news is of one. */
  readonly checks: readonly Check[];
  /** No more are sent today. */
  readonly isLast: boolean;
}

/** All mails of a pull request have one subject, so that readers who thread by it do so too. */
export function subject({ news, repo, pull }: MailFacts): string {
  const about = `[${repo.owner}/${repo.name}] ${oneLine(pull.title, 120)} (#${pull.number})`;
  return news.kind === "opened" ? about : `Re: ${about}`;
}

export function mailText(facts: MailFacts): string {
  const { repo, isLast } = facts;
  const address = pageOf(facts);
  const last = isLast
    ? ["This is the last mail of today about this pull request; the page has all that follows.\n"]
    : [];
  const why = `Sent by Millwright, since .millwright.yml of ${repo.owner}/${repo.name} names this address.`;
  return [`${body(facts)}\n`, ...last, "-- ", address, `${why}\n`].join("\n");
}

const pageOf = ({ web, repo, pull }: MailFacts): string =>
  `${web}/${repo.owner}/${repo.name}/pull/${pull.number}`;

function body(facts: MailFacts): string {
  const { news, pull } = facts;
  switch (news.kind) {
    case "opened":
      return opened(facts, news.sha);
    case "head":
      return `There is a new commit: ${news.sha}\nIt takes the place of ${news.before}\n\n${pageOf(facts)}/commits/${news.sha}`;
    case "ended":
      return ended(facts, news.sha);
    case "voice":
      return voice(news);
    case "agreed":
      return agreed(news);
    case "closed":
      return news.isMerged
        ? `Merged into ${oneLine(pull.base.branch, 100)}.`
        : "Closed without being merged.";
    default:
      return news satisfies never;
  }
}

function opened({ pull }: MailFacts, sha: string): string {
  const about = pull.description?.trim() ? [`\n${quotation(pull.description.trim(), 15)}`] : [];
  return [
    `${oneLine(pull.author.login, 100)} proposes a change for ${oneLine(pull.base.branch, 100)}:\n`,
    `  ${oneLine(pull.title, 250)}`,
    ...about,
    `\nCommit: ${sha}`,
  ].join("\n");
}

function ended(facts: MailFacts, sha: string): string {
  const rows = facts.checks.slice(0, ROWS).map((check) => `  ${result(check)} ${check.name}: ${check.title}`);
  const more = facts.checks.length - ROWS;
  return [
    `The builds of ${sha} have ended:\n`,
    ...rows.map((row) => oneLine(row, 400)).map((row) => `  ${row}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `\n${pageOf(facts)}/checks`,
  ].join("\n");
}

const ROWS = 60;

const result = ({ conclusion, status }: Check): string => `[${conclusion ?? status}]`;

function voice({ voice: { kind, person, sha } }: Extract<News, { kind: "voice" }>): string {
  const who = oneLine(person.login, 100);
  return kind === "ack"
    ? `${who} consents to this commit (ACK): ${sha}`
    : `${who} objects (NACK), having seen ${sha}`;
}

function agreed({ state, sha, acks, need, until = "" }: Extract<News, { kind: "agreed" }>): string {
  return state === "lazy"
    ? `Nobody objected until ${until.slice(0, 16).replace("T", " ")} UTC, which the rules take for consent to merge ${sha}`
    : `There is consent to merge ${sha}: ${acksOf({ acks, need })}, and no objection.`;
}
