import type { Person } from "./events.ts";

/** A pull request as GitHub has it now. `headRepo` is `null` when the fork is gone. */
export interface Pull {
  readonly number: number;
  readonly isOpen: boolean;
  readonly sha: string;
  readonly headRepo: number | null;
  /** Whose repository the head is in: who may push there. `null` when it is gone. */
  readonly headOwner: number | null;
  readonly base: {
    readonly branch: string;
    readonly sha: string;
    /** Of the repository that it is to be merged into. */
    readonly defaultBranch: string;
  };
  readonly author: Person;
  readonly title: string;
  /** Markdown, as the author wrote it. */
  readonly description: string;
  /** When it was closed, ISO 8601; absent while it is open. */
  readonly closed?: { readonly at: string; readonly isMerged: boolean } | undefined;
  readonly isDraft: boolean;
}

/** A branch as GitHub has it now. */
export interface Branch {
  readonly sha: string;
  readonly isProtected: boolean;
}
