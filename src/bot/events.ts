/** A repository as a webhook names it; ids decide, names only help to ask. */
export interface RepoRef {
  readonly id: number;
  /** GitHub's global id, which GraphQL asks for. */
  readonly node: string;
  readonly owner: string;
  readonly ownerId: number;
  readonly name: string;
  readonly installation: number;
  readonly private: boolean;
  readonly defaultBranch: string;
}

/** Somebody on GitHub; only the id counts. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** What can happen on GitHub, in our words: hints, whose truth is asked of GitHub before they count. */
export type BotEvent =
  | { readonly kind: "pull-changed"; readonly repo: RepoRef; readonly number: number }
  | { readonly kind: "pull-closed"; readonly repo: RepoRef; readonly number: number }
  | { readonly kind: "branch-pushed"; readonly repo: RepoRef; readonly branch: string }
  /** A tag was pushed, or a GitHub Release of it published. */
  | { readonly kind: "tag-pushed"; readonly repo: RepoRef; readonly tag: string }
  /** The hour of a nightly channel has come; `night`: the day in UTC, `2026-11-21`. */
  | { readonly kind: "night-came"; readonly repo: RepoRef; readonly channel: string; readonly night: string }
  /** The upstream of a recipe has released a version; `place`: where that is told. */
  | {
      readonly kind: "upstream-released";
      readonly repo: RepoRef;
      readonly recipe: string;
      readonly version: string;
      readonly place: string;
    }
  /** The merge queue wants to know whether `sha` may become the head of `branch`; `base` is what it is now. */
  | {
      readonly kind: "queue-asked";
      readonly repo: RepoRef;
      readonly sha: string;
      readonly base: string;
      readonly branch: string;
    }
  /** The merge queue wants to know it no longer. */
  | { readonly kind: "queue-left"; readonly repo: RepoRef; readonly sha: string; readonly branch: string }
  /** A person wrote a new comment on a pull request; `at` by GitHub's clock, ISO 8601. */
  | {
      readonly kind: "commented";
      readonly repo: RepoRef;
      readonly number: number;
      readonly comment: number;
      readonly at: string;
      readonly by: Person;
      readonly body: string;
    }
  | {
      readonly kind: "rerun-asked";
      readonly repo: RepoRef;
      readonly externalId: string;
      readonly sha: string;
    }
  | { readonly kind: "suite-rerun-asked"; readonly repo: RepoRef; readonly sha: string }
  /** Somebody pressed a button of ours on a check. */
  | {
      readonly kind: "button-pressed";
      readonly repo: RepoRef;
      readonly sha: string;
      readonly externalId: string;
      readonly button: string;
      readonly by: Person;
    }
  /** Not ours to act on; `because` goes into the ledger. */
  | { readonly kind: "ignored"; readonly because: string };
