import type { Check } from "./bot/check/check.ts";
import type { BotEvent, Person, RepoRef } from "./bot/events.ts";
import type { Branch, Pull } from "./bot/pull.ts";
import type { Repo } from "./pipelines/repo.ts";

/** All we need of GitHub: what it answers, and what we may write there. */

/** A repository as GitHub is asked about it. */
export type At = Pick<Repo, "id" | "node" | "owner" | "name" | "installation">;

/** A check run as GitHub shows it: what we wrote, its global id there, and how many remarks it bears. */
export interface Shown {
  readonly id: string;
  readonly remarks: number;
  readonly check: Check;
}

/** A check run to write: over the one with this global id, or a new one. */
export interface Showing {
  readonly check: Check;
  readonly id?: string | undefined;
}

/** GitHub takes no more writes of this installation for so many seconds. */
export interface Limited {
  readonly kind: "limited";
  readonly seconds: number;
}

/** What became of a comment; `gone`: the one that was to be edited is not there any more. */
export type Said = { readonly kind: "written"; readonly id: number } | { readonly kind: "gone" } | Limited;

/** A GitHub Release to write. */
export interface ReleasePage {
  readonly tag: string;
  readonly sha: string;
  readonly name: string;
  readonly body: string;
  readonly id?: number | undefined;
}

/** What became of a Release; `refused`: the app may not write it, or the tag cannot be made, in GitHub's words. */
export type ReleaseWritten =
  | { readonly kind: "written"; readonly url: string }
  | { readonly kind: "refused"; readonly because: string }
  | Limited;

/** Files to write over those of a commit. */
export interface NewCommit {
  readonly base: string;
  /** A commit that it follows besides `base`, if that is none of its own. */
  readonly after?: string | undefined;
  readonly message: string;
  /** Path -> text, or bytes. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Paths that are no more. */
  readonly gone?: readonly string[] | undefined;
}

/** A branch of ours that is to be merged into `base`. */
export interface Proposal {
  readonly branch: string;
  readonly sha: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** What GitHub does not take of us, in its words: the app lacks a right, or the repository's rules forbid it. */
export interface NotTaken {
  readonly kind: "refused";
  readonly because: string;
}

/** GitHub's answers and what we may write there. `undefined`: it is not there (404). */
export interface GitHub {
  pull(at: At, number: number): Promise<Pull | undefined>;
  branch(at: At, name: string): Promise<Branch | undefined>;
  /** The commit that a tag names, also through annotated tags. */
  tag(at: At, name: string): Promise<string | undefined>;
  /** Is `sha` in the history of `head`, or `head` itself? */
  reaches(at: At, head: string, sha: string): Promise<boolean>;
  /** All file paths of a commit. */
  paths(at: At, sha: string): Promise<readonly string[]>;
  file(at: At, path: string, ref: string): Promise<string | undefined>;
  /** Paths that differ between where `head` left `base` and `head`, old names too; GitHub lists no more than 300. */
  changed(at: At, base: string, head: string): Promise<readonly string[] | "too-many">;
  /** By GitHub's permission API, and only if it speaks of this very id. */
  canWrite(at: At, person: Person): Promise<boolean>;
  /** A token that reads this one repository for an hour. */
  readToken(at: At): Promise<string>;
  /** Our own check runs at a commit, the newest last. */
  shown(at: At, sha: string): Promise<readonly Shown[]>;
  /** Writes all these check runs in as few requests as there can be; one that is refused does not hold back the others. */
  show(at: At, sha: string, checks: readonly Showing[]): Promise<{ readonly kind: "written" } | Limited>;
  /** Our comment that bears the marker: the one with this id, or one that is looked for. */
  comment(
    at: At,
    number: number,
    by: { readonly marker: string; readonly id?: number | undefined },
  ): Promise<{ readonly id: number; readonly body: string } | undefined>;
  /** Writes a comment, or edits the one with this id. */
  say(
    at: At,
    number: number,
    said: { readonly body: string; readonly id?: number | undefined },
  ): Promise<Said>;
  /** The Release of a tag, if it has been published. */
  release(
    at: At,
    tag: string,
  ): Promise<{ readonly id: number; readonly body: string; readonly url: string } | undefined>;
  /** Writes a Release, or edits the text of the one with this id. Without its tag, GitHub makes one at `sha`. */
  writeRelease(at: At, release: ReleasePage): Promise<ReleaseWritten>;
  /** A commit that no branch has yet; by the app, which alone may be its author. */
  writeCommit(
    at: At,
    commit: NewCommit,
  ): Promise<{ readonly kind: "written"; readonly sha: string } | NotTaken | Limited>;
  /**
   * Brings a branch to a commit that follows what it has, or makes it there, and opens the pull request of it or renames
   * the open one. `moved`: the branch has something that the commit does not follow.
   */
  propose(
    at: At,
    proposal: Proposal,
  ): Promise<
    { readonly kind: "open"; readonly number: number } | { readonly kind: "moved" } | NotTaken | Limited
  >;
  /** The name of the branch that the repository's rules are read from. */
  defaultBranch(at: At): Promise<string | undefined>;
  /** May everybody see this very repository, under this name? */
  isPublic(at: At): Promise<boolean>;
  /** Shows on a comment that it was heard; again is as good as once. */
  react(at: At, comment: number, content: "eyes" | "confused"): Promise<void>;
}

/** What the sweep asks GitHub: what may have been missed. */
export interface GitHubWatch {
  repositories(): Promise<readonly RepoRef[]>;
  openPulls(at: At): Promise<readonly { readonly number: number; readonly sha: string }[]>;
  /** Deliveries of the last three days that GitHub could not hand over and that nobody has redelivered. */
  failedDeliveries(): Promise<readonly number[]>;
  redeliver(delivery: number): Promise<void>;
}

/** What the door stored of a webhook. `body` is the payload's raw text. */
export interface Delivery {
  readonly guid: string;
  readonly event: string;
  /** When the door heard it, ISO 8601. */
  readonly at: string;
  readonly body: string;
}

/** Probot: a delivery in GitHub's words becomes events in ours. */
export type Hear = (delivery: Delivery) => Promise<readonly BotEvent[]>;
