import { type AskedFiles, builtByUs, digests, names, type RefusalOfFiles } from "./promotion-files.ts";
import { stagesOf } from "../job-stages.ts";
import { outlived, type Plan } from "./key-calendar.ts";
import { isPublished, type Release } from "./release.ts";

/** What is known when a promotion is asked for: records of ours, and what GitHub says of the branch. */
export interface Asked extends AskedFiles {
  readonly channel: string;
  readonly from: string;
  readonly number: string;
  /** When it is judged, ISO 8601 in UTC. */
  readonly at: string;
  /** The commit that the tag names; absent where no tag asks. */
  readonly tagged?: string | undefined;
  /** The last day in UTC on which something may come to the channel. */
  readonly supportUntil?: string | undefined;
  /** The key that signs what comes to the channel, and the one after it. */
  readonly key?: Plan | undefined;
  /** The release that is to be promoted, and the run that made it. */
  readonly release?: Release | undefined;
  /** The branch that it was made of, as it is now; `reaches`: the release's commit is still in its history. */
  readonly branch?: { readonly isProtected: boolean; readonly reaches: boolean } | undefined;
  /** What stands under this number in the channel already, and is no promotion. */
  readonly there?: Release | undefined;
  /** What came to the channel last, and what came after it without being published; the newest first. */
  readonly before: readonly Before[];
}

export interface Before {
  readonly number: string;
  /** The release that it brought back. */
  readonly of?: string;
  readonly state: "published" | "under way" | "failed";
}

/** A rule that does not let it pass, with what a sentence needs. */
export type Refusal =
  | RefusalOfFiles
  | { readonly rule: "known" }
  | { readonly rule: "built"; readonly of: string }
  | { readonly rule: "free" }
  | { readonly rule: "passed"; readonly jobs: readonly string[] }
  | { readonly rule: "published" }
  | { readonly rule: "same-commit"; readonly sha: string; readonly tagged: string }
  | { readonly rule: "unmoved"; readonly sha: string; readonly tagged: string }
  | { readonly rule: "protected"; readonly branch: string }
  | { readonly rule: "reachable"; readonly branch: string; readonly sha: string }
  | { readonly rule: "newer"; readonly last: string }
  | { readonly rule: "supported"; readonly until: string }
  | { readonly rule: "key"; readonly until: string }
  | { readonly rule: "alone"; readonly number: string };

type Rule = (asked: Asked) => Refusal | undefined;

/** There is a release of this number, with the record of its run. */
export const known: Rule = ({ release, run }) => (release && run ? undefined : { rule: "known" });

/** It was built, and is not a rollback: what that brought back has a number of its own. */
export const built: Rule = ({ release }) =>
  release?.of === undefined ? undefined : { rule: "built", of: release.of };

/** Its number is free in the channel, or was taken by this very promotion. */
export const free: Rule = ({ there }) => (there && there.from === undefined ? { rule: "free" } : undefined);

/** All that was required of its run has passed. */
export const passed: Rule = ({ run }) => {
  if (!run) return undefined;
  const stages = new Map(run.stages.map(({ name, state }) => [name, state]));
  const open = run.jobs.filter(
    (job) => job.tier === "required" && stagesOf(job).some((name) => stages.get(name) !== "passed"),
  );
  return open.length === 0 ? undefined : { rule: "passed", jobs: open.map(({ name }) => name) };
};

/** It was published: what nobody could install was not tested. */
export const published: Rule = ({ run }) => (!run || isPublished(run) ? undefined : { rule: "published" });

/** The tag names the very commit of the release. */
export const sameCommit: Rule = ({ release, tagged }) => {
  if (!release || tagged === undefined || tagged === release.inputs.sha) return undefined;
  return { rule: "same-commit", sha: release.inputs.sha, tagged };
};

/** The release's branch is protected today as well. */
export const isProtected: Rule = ({ release, branch }) =>
  !release || branch?.isProtected ? undefined : { rule: "protected", branch: release.branch };

/** The release's commit can still be reached from its branch: nobody pushed it away. */
export const reachable: Rule = ({ release, branch }) =>
  !release || branch?.reaches
    ? undefined
    : { rule: "reachable", branch: release.branch, sha: release.inputs.sha };

/** It is newer than what the channel has, rollbacks among that. */
export const newer: Rule = ({ number, before }) => {
  const last = before.find(({ state }) => state === "published")?.number;
  // Numbers sort as they came.
  return last === undefined || number > last ? undefined : { rule: "newer", last };
};

/** The channel is supported on the day it is asked, that day included. */
export const supported: Rule = ({ supportUntil, at }) =>
  supportUntil === undefined || at.slice(0, "2026-11-21".length) <= supportUntil
    ? undefined
    : { rule: "supported", until: supportUntil };

/** The key that would sign it lasts as long as the channel's support, or for 180 days where nobody says how long that is. */
export const key: Rule = (asked) => {
  const until = asked.key && outlived(asked.key, asked);
  return until === undefined ? undefined : { rule: "key", until };
};

/** Nothing else is on its way to the channel. */
export const alone: Rule = ({ number, before }) => {
  const other = before.find((one) => one.state === "under way" && one.number !== number);
  return other && { rule: "alone", number: other.number };
};

const RULES = [
  known,
  built,
  free,
  passed,
  published,
  sameCommit,
  isProtected,
  reachable,
  newer,
  supported,
  key,
  alone,
  builtByUs,
  names,
  digests,
];

/** May this release be promoted? By every rule that says no; none: it may. */
export const promotionGate = (asked: Asked): readonly Refusal[] => RULES.flatMap((rule) => rule(asked) ?? []);
