import type { Change, Differs } from "../../pipelines/contents.ts";
import type { Drift } from "../../pipelines/release/lock.ts";
import { code } from "../markdown/markdown.ts";

/** What is said of promotions that are not what was tested. */

const FILES_MAX = 10;
const digest = (sha256: string | undefined): string =>
  sha256 === undefined ? "not there" : `sha256 ${sha256}`;

export const holds = {
  /** Why a build could not begin. */
  noRoot: (message: string) => `The build root cannot be had: ${message}`,
  /** Why a promotion's source stage did not pass; plain text in one line, as kept in the record. */
  drifted: ({ bundle, files }: Drift): string => {
    const changed = files
      .slice(0, FILES_MAX)
      .map(({ file, locked, now }) => `${file} was ${digest(locked)} and is ${digest(now)}`);
    const more = files.length > FILES_MAX ? [`${files.length - FILES_MAX} more`] : [];
    const what =
      changed.length > 0 ? [...changed, ...more].join("; ") : "the same files are packed otherwise";
    return `The sources are not those that were tested: ${what}. (The bundle was ${digest(bundle.locked)} and is ${digest(bundle.now)}.)`;
  },
} as const;

/** A job whose packages are not those that were tested; `url`: where all of it is written down. */
export interface Differing {
  readonly job: string;
  readonly differs: Differs;
  readonly url: string | undefined;
}

const JOBS_MAX = 30;

export function differingList(differing: readonly Differing[]): string {
  const lines = differing.slice(0, JOBS_MAX).map(listed);
  const more = differing.length - JOBS_MAX;
  return [
    "**What is shipped differs from what was tested,** beyond signatures, dates and the release suffix:",
    lines.join("\n"),
    ...(more > 0 ? [`And ${more} more jobs.`] : []),
  ].join("\n\n");
}

const SHOWN = 20;

function listed({ job, differs, url }: Differing): string {
  const shown = differs.changes.slice(0, SHOWN);
  const more = differs.count - shown.length;
  return [
    `- ${code(job)}: ${counted(differs)}${passed(differs)}`,
    ...shown.map((change) => `  - ${sentence(change)}`),
    ...(more > 0 ? [`  - ${more} more`] : []),
    ...(url === undefined ? [] : [`  - [all of it, line by line](${url})`]),
  ].join("\n");
}

function counted({ unlisted, count }: Differs): string {
  if (unlisted !== undefined)
    return `the ${unlisted} build left no list of contents that can be read, so it cannot be compared`;
  return `${count} ${count === 1 ? "difference" : "differences"}`;
}

const passed = ({ accepted }: Differs): string =>
  accepted === undefined ? "" : `; ${code(accepted.by)} let that pass at ${minute(accepted.at)}`;

const minute = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;

const IS = { missing: "tested, not shipped", added: "shipped, not tested", changed: "changed" } as const;

const sentence = (change: Change): string =>
  change.kind === "package"
    ? `${IS[change.is]}: ${code(change.package)}`
    : `${IS[change.is]}: ${change.kind}${change.name === "" ? "" : ` ${code(change.name)}`} of ${code(change.package)}`;

/** How its publication stands. */
export const forCommitter = "Waiting for a committer";

/** Of a promotion for which nothing is built. */
export const asTested =
  "What is shipped are the tested packages themselves, under a signature of this channel.";

/** What a committer may do about it. */
export const toAccept = ({
  channel,
  number,
}: {
  readonly channel: string;
  readonly number: string;
}): string =>
  `**Nothing is published before a committer has looked at the difference below.** *Ship it*, or ${code(`/accept ${channel} ${number}`)} in a comment on any pull request, lets it go on; *Do not ship* gives it up.`;

/** How a build stands of which that was asked, for `/why`. */
export const differsWhy = (differs: Differs): string =>
  `, and differs from what was tested (${counted(differs)})${differs.accepted ? passed(differs) : ", which waits for a committer"}`;

interface Named {
  readonly channel: string;
  readonly number: string;
}

const of = ({ channel, number }: Named): string => `${code(number)} of ${code(channel)}`;

/** What `/accept` and `/drop` are answered. */
export const heldAnswers = {
  accepted: (named: Named): string => `${of(named)} is published though it differs from what was tested.`,
  dropped: (named: Named): string => `${of(named)} is given up.`,
  later: (named: Named): string =>
    `Not enough: of ${of(named)} more came in after that was written. Look at the check again.`,
  "not-held": (named: Named): string => `Nothing to decide: ${of(named)} does not wait for a committer.`,
} as const;
