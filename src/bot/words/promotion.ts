import type { Refusal } from "../../pipelines/release/promotion-gate.ts";
import type { Difference } from "../../pipelines/difference.ts";
import { code } from "../markdown/markdown.ts";
import type { Notice } from "./notices.ts";
import { stopHint } from "./stop-release.ts";

/** What is said of promotions. */

/** What was asked for, as people named it. */
export interface Wanted {
  readonly channel: string;
  readonly from: string;
  readonly number: string;
}

const short = (sha: string): string => code(sha.slice(0, 10));

/** A rule that did not let it pass, as a sentence without its end. */
function sentence({ from, number, channel }: Wanted, refusal: Refusal): string {
  switch (refusal.rule) {
    case "known":
      return `there is no release ${code(number)} of ${code(from)}`;
    case "built":
      return `${code(number)} brought ${code(refusal.of)} back to ${code(from)}, and nothing was built of it`;
    case "free":
      return `${code(number)} is the number of a rollback in ${code(channel)}`;
    case "passed":
      return `not all that is required of it passed: ${refusal.jobs
        .slice(0, 10)
        .map((name) => code(name))
        .join(", ")}${refusal.jobs.length > 10 ? ` and ${refusal.jobs.length - 10} more` : ""}`;
    case "published":
      return `${code(number)} was not published to ${code(from)}`;
    case "same-commit":
      return `the tag names ${short(refusal.tagged)}, and ${code(number)} was made of ${short(refusal.sha)}`;
    case "unmoved":
      return `the tag was moved to ${short(refusal.tagged)}: ${code(number)} was promoted to ${code(channel)} from ${short(refusal.sha)}`;
    case "protected":
      return `its branch ${code(refusal.branch)} is not protected any more`;
    case "reachable":
      return `its commit ${short(refusal.sha)} cannot be reached from ${code(refusal.branch)} any more`;
    case "newer":
      return `${code(channel)} has ${code(refusal.last)} already, which is not older`;
    case "supported":
      return `the support of ${code(channel)} ended on ${refusal.until}`;
    case "key":
      return `the key that would sign it ends on ${refusal.until}, before what it signs does`;
    case "alone":
      return `${code(refusal.number)} is still on its way to ${code(channel)}; ${stopHint(channel, refusal.number)}`;
    case "built-by-us":
      return `not all of it was built by our trusted builders: ${named(refusal.jobs)}`;
    case "names":
      return `packages of these names may not come to ${code(channel)}: ${named(refusal.names)} (it takes ${named(refusal.allowed)})`;
    case "digests":
      return `what was tested is not there any more as it was recorded: ${named(refusal.files)}`;
    default:
      return refusal satisfies never;
  }
}

const list = (wanted: Wanted, refusals: readonly Refusal[]): string =>
  refusals.map((refusal) => `- ${sentence(wanted, refusal)}`).join("\n");

/** On the commit of a tag that leads to nothing. */
export const refusedTag = (tag: string, wanted: Wanted, refusals: readonly Refusal[]): Notice => ({
  title: `Not promoted: ${wanted.number.slice(0, 60)} of ${wanted.from}`,
  summary: `The tag ${code(tag)} asks for a promotion to ${code(wanted.channel)}. Nothing is built or published of it:\n\n${list(wanted, refusals)}\n\nOnce that is mended, **Re-run** asks again.`,
});

/** Between what was tested and what is shipped. */
export function differenceList(differences: readonly Difference[]): string {
  if (differences.length === 0)
    return "What is shipped has the packages and versions that were tested; only the release suffix is gone.";
  const lines = differences
    .slice(0, JOBS_MAX)
    .map(({ job, missing, added }) =>
      [
        `- ${code(job)}`,
        ...some(missing).map((name) => `  - tested, not shipped: ${name}`),
        ...some(added).map((name) => `  - shipped, not tested: ${name}`),
      ].join("\n"),
    );
  const more = differences.length - JOBS_MAX;
  return [
    "**What is shipped differs from what was tested:**",
    lines.join("\n"),
    ...(more > 0 ? [`And ${more} more jobs.`] : []),
  ].join("\n\n");
}

const JOBS_MAX = 50;
const NAMES_MAX = 20;
const named = (names: readonly string[]): string => some(names).join(", ");

function some(names: readonly string[]): readonly string[] {
  const shown = names.slice(0, NAMES_MAX).map((name) => code(name));
  return names.length > NAMES_MAX ? [...shown, `${names.length - NAMES_MAX} more`] : shown;
}

export const promotions = {
  /** For the ledger; plain text. */
  started: ({ channel, from, number }: Wanted): string => `promotion of ${from} ${number} to ${channel}`,
  refused: ({ channel, from, number }: Wanted, refusals: readonly Refusal[]): string =>
    `no promotion of ${from} ${number.slice(0, 60)} to ${channel}: ${refusals.map(({ rule }) => rule).join(", ")}`,
  /** Why the run of a tag that was moved is given up. */
  moved: (tag: string, sha: string): string => `the tag ${tag} was moved to ${sha.slice(0, 10)}`,
} as const;

export const promotionAnswers = {
  /** `lane`: was it asked for as a security release, and is it one? */
  started: (
    { channel, from, number }: Wanted,
    sha: string,
    lane: { readonly asked: boolean; readonly has: boolean },
  ): string =>
    [
      `${code(number)} of ${code(from)} is promoted to ${code(channel)}: the check ${code(`millwright:${channel}`)} of ${short(sha)} tells how it goes.`,
      ...(lane.has
        ? ["As a security release it goes before all others, and waits for no advisory arch."]
        : []),
      ...(lane.asked && !lane.has
        ? ["It was promoted before without `--security`, and stays in its place in the line."]
        : []),
    ].join(" "),
  refused: (wanted: Wanted, refusals: readonly Refusal[]): string =>
    `Not promoted to ${code(wanted.channel)}:\n\n${list(wanted, refusals)}`,
  none: "Not done: the config names no channel that is promoted from another one.",
  which: (channels: readonly string[]): string =>
    `Not done: name the channel. There ${channels.length === 1 ? "is" : "are"} ${channels.map((name) => code(name)).join(", ")}.`,
} as const;
