/** A repository as a webhook names it; ids decide, names only help to ask. */
export interface RepoRef {
  readonly id: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly name: string;
  readonly installation: number;
  readonly private: boolean;
  readonly defaultBranch: string;
}

/** What can happen on GitHub, in our words: hints, whose truth is asked of GitHub before they count. */
export type BotEvent =
  | { readonly kind: "pull-changed"; readonly repo: RepoRef; readonly number: number }
  | { readonly kind: "pull-closed"; readonly repo: RepoRef; readonly number: number }
  | { readonly kind: "branch-pushed"; readonly repo: RepoRef; readonly branch: string }
  | { readonly kind: "rerun-asked"; readonly repo: RepoRef; readonly externalId: string }
  /** Not ours to act on; `because` goes into the ledger. */
  | { readonly kind: "ignored"; readonly because: string };
