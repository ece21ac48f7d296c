import type { Consensus, Reviewed } from "../review/consensus.ts";
import { code } from "../markdown/markdown.ts";
import type { Voice } from "../review/review.ts";

/** What the check says that stands for the review of a pull request. */

/** `2026-11-28T10:00:00.000Z` as people read it. */
const minute = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;

export const acksOf = ({ acks, need }: Pick<Consensus, "acks" | "need">): string =>
  `${acks} of ${need} ${need === 1 ? "ACK" : "ACKs"}`;

export function reviewTitle(found: Consensus): string {
  switch (found.state) {
    case "blocked":
      return `Blocked by NACK of ${names(found.nacks)}`;
    case "consented":
      return found.need === 0 ? "No ACK is needed, and nobody objects" : `Consented: ${acksOf(found)}`;
    case "lazy":
      return `Consented by silence at ${minute(found.until ?? "")}`;
    case "waiting":
      return found.until === undefined
        ? `Waiting: ${acksOf(found)}`
        : `Waiting: ${acksOf(found)}; silence counts as consent at ${minute(found.until)}`;
    default:
      return found.state satisfies never;
  }
}

/** Of a group of the merge queue. */
export const reviewedBefore = {
  title: "Reviewed before it was queued",
  summary:
    "The pull requests of this group have passed their reviews: otherwise they could not be in the queue.",
} as const;

const names = (logins: readonly string[]): string =>
  logins.length <= 3 ? logins.join(", ") : `${logins.slice(0, 3).join(", ")} and ${logins.length - 3} more`;

export function reviewSummary(reviewed: Reviewed, found: Consensus): string {
  const { voices, sha } = reviewed;
  const short = code(sha.slice(0, 10));
  const spoken =
    voices.length === 0
      ? "Nobody has spoken yet."
      : voices.map((voice) => line(voice, reviewed, found)).join("\n");
  const ack = code(`/ack ${sha.slice(0, 10)}`);
  const how = `A committer consents to ${short} with ${ack} in a comment, and objects with ${code("/nack")} until they ACK. An ACK is for one commit: a new push needs new ones.`;
  return [`${STATE[found.state](found, short)}\n`, `${spoken}\n`, how, ONLY_MERGING].join("\n");
}

const ONLY_MERGING = "This is about merging; nothing is built for it that would not be built otherwise.";

const STATE: Readonly<Record<Consensus["state"], (found: Consensus, sha: string) => string>> = {
  blocked: ({ nacks }) =>
    `Not to be merged while ${nacks.map((login) => code(login)).join(", ")} ${nacks.length === 1 ? "objects" : "object"}.`,
  consented: (found, sha) => `${sha} has ${acksOf(found)} and no objection.`,
  lazy: ({ until = "" }, sha) =>
    `Nobody objected to ${sha} until ${minute(until)}, which the rules take for consent.`,
  waiting: (found, sha) =>
    `${sha} has ${acksOf(found)}.${found.until === undefined ? "" : ` If nobody objects until ${minute(found.until)}, that is consent too.`}`,
};

function line(voice: Voice, reviewed: Reviewed, found: Consensus): string {
  const said = `- ${code(voice.person.login)} ${voice.kind === "ack" ? "ACKed" : "NACKed"} ${code(voice.sha.slice(0, 10))} at ${minute(voice.at)}`;
  const but = without(voice, reviewed, found);
  return but === undefined ? said : `${said}, which does not count: ${but}`;
}

/** Why a voice does not count. */
function without(voice: Voice, reviewed: Reviewed, found: Consensus): string | undefined {
  const { kind, person, sha } = voice;
  if (!reviewed.committers.includes(person.id)) return "they are not a committer";
  if (kind === "nack") return found.nacks.includes(person.login) ? undefined : "it was taken back by an ACK";
  if (person.id === reviewed.author) return "it is the author's own";
  return sha === reviewed.sha ? undefined : "it names another commit";
}
