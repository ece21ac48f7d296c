import type { Asset, CheckRun, CheckSuite, CommitStatus, Release } from "./state-of-commits.ts";
import type { BranchRules, Moment, QueueEntry } from "./state-of-merging.ts";

export type { Annotation, Asset, CheckRun, CheckSuite, CommitStatus, Release } from "./state-of-commits.ts";
export type { BranchRules, Moment, QueueEntry } from "./state-of-merging.ts";

/** What the local GitHub remembers, as plain JSON: records by id, nothing nested by reference. Times are ISO 8601. */
export interface State {
  lastId: number;
  users: User[];
  repositories: Repository[];
  installations: Installation[];
  issues: Issue[];
  comments: Comment[];
  reactions: Reaction[];
  suites: CheckSuite[];
  runs: CheckRun[];
  statuses: CommitStatus[];
  releases: Release[];
  assets: Asset[];
  timeline: Moment[];
  /** What waits in merge queues, in the order of merging. */
  queue: QueueEntry[];
  deliveries: Delivery[];
  /** Personal access token to user id. */
  people: Record<string, number>;
  /** Installation token to what it may. */
  grants: Record<string, Grant>;
  /** Former `owner/name` of a repository, in lower case, to its id. */
  moved: Record<string, number>;
}

export interface User {
  readonly id: number;
  login: string;
  readonly type: "User" | "Organization" | "Bot";
}

export type Level = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface Repository {
  readonly id: number;
  owner: number;
  name: string;
  private: boolean;
  defaultBranch: string;
  /** Number of the newest issue or pull request. */
  lastNumber: number;
  /** User id to level. */
  collaborators: Record<string, Level>;
  protectedBranches: string[];
  /** Branch name to what it asks for besides being protected. */
  rules?: Record<string, BranchRules>;
  parent: number | null;
  readonly createdAt: string;
  pushedAt: string;
}

export type Permissions = Readonly<Record<string, string>>;

export interface Installation {
  readonly id: number;
  readonly app: number;
  readonly account: number;
  /** Repository ids. */
  repositories: "all" | number[];
  readonly createdAt: string;
  suspendedAt?: string | null;
  suspendedBy?: number | null;
}

export interface Grant {
  readonly installation: number;
  readonly permissions: Permissions;
  readonly repositories: "all" | readonly number[];
  readonly expiresAt: string;
}

export interface Issue {
  readonly id: number;
  readonly repository: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  readonly author: number;
  labels: string[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  readonly pull: Pull | null;
}

export interface Pull {
  readonly id: number;
  /** Null once the fork is deleted. */
  headRepository: number | null;
  readonly headOwner: number;
  readonly headRef: string;
  head: string;
  baseRef: string;
  /** The base commit the pull request was last compared with. */
  base: string;
  draft: boolean;
  mergeable: boolean | null;
  mergeSha: string | null;
  mergedAt: string | null;
  mergedBy: number | null;
  readonly maintainerCanModify: boolean;
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { readonly pull: Pull };

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly repository: number;
  body: string;
  readonly author: number;
  readonly app: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Reaction {
  readonly id: number;
  readonly on: "comment" | "issue";
  /** Id of the comment or issue. */
  readonly target: number;
  readonly content: string;
  readonly author: number;
  readonly createdAt: string;
}

/** One attempt to deliver a webhook; its payload lies in a file of its own. */
export interface Delivery {
  readonly id: number;
  /** The same for every attempt of one delivery. */
  readonly guid: string;
  readonly app: number;
  readonly event: string;
  readonly action: string | null;
  readonly installation: number | null;
  readonly repository: number | null;
  readonly redelivery: boolean;
  deliveredAt: string;
  /** Seconds. */
  duration: number;
  status: string;
  statusCode: number;
}

export const emptyState = (): State => ({
  lastId: 1000,
  users: [],
  repositories: [],
  installations: [],
  issues: [],
  comments: [],
  reactions: [],
  suites: [],
  runs: [],
  statuses: [],
  releases: [],
  assets: [],
  timeline: [],
  queue: [],
  deliveries: [],
  people: {},
  grants: {},
  moved: {},
});
