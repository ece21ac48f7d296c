/** What is said about merging: rules of branches, merge queues, what happened to pull requests. Part of the state. */

export interface BranchRules {
  /** Names of checks and contexts of statuses that must be green before a merge. */
  readonly checks: readonly string[];
  /** Merged by the merge queue alone. */
  readonly queue: boolean;
  /** How long a merge group may wait for its checks. */
  readonly timeoutMinutes: number;
}

/** Something that happened to a pull request, as its page tells it. */
export interface Moment {
  /** Of the same counter as comments: the order of things. */
  readonly id: number;
  readonly issue: number;
  readonly at: string;
  readonly by: number;
  /** The action of the event that told of it: `closed`, `labeled`, `synchronize`. */
  readonly what: string;
  /** What was changed to what, where that says more. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A pull request in a merge queue, with the group made for it. */
export interface QueueEntry {
  readonly id: number;
  readonly repository: number;
  readonly issue: number;
  /** Branch that is merged into. */
  readonly base: string;
  readonly by: number;
  /** The head of the pull request that was queued. */
  readonly pullHead: string;
  /** Absent until the group is made. */
  group: MergeGroup | null;
}

export interface MergeGroup {
  /** `gh-readonly-queue/main/pr-1-<base>` */
  readonly branch: string;
  readonly base: string;
  readonly head: string;
  readonly askedAt: string;
}
