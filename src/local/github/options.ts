import type { Clock, Log } from "../../ports.ts";
import type { ContentLimit } from "./content-limit.ts";
import type { Fault } from "./faults.ts";
import type { Permissions } from "./state.ts";

export interface AppOptions {
  readonly id: number;
  readonly slug: string;
  /** PEM of the public key (SubjectPublicKeyInfo); or give `privateKey`. */
  readonly publicKey?: string | undefined;
  /** PEM of the private key, from which the public one is taken. */
  readonly privateKey?: string | undefined;
  /** Empty: no webhooks. */
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly permissions?: Permissions | undefined;
  readonly events?: readonly string[] | undefined;
}

export interface GitHubOptions {
  /** Where everything is kept; may hold the state of an earlier run. */
  readonly dir: string;
  /** 0: any free one. */
  readonly port: number;
  readonly app: AppOptions;
  readonly now: Clock;
  readonly log: Log;
  readonly faults?: readonly Fault[] | undefined;
  /** How much an installation may write (see `usualContentLimit`); without it, everything. */
  readonly contentLimit?: ContentLimit | undefined;
  /** Check everything said against GitHub's description; on if absent. */
  readonly contract?: boolean | undefined;
}

/** What a build bot asks for. */
export const usualPermissions: Permissions = {
  administration: "read",
  checks: "write",
  contents: "write",
  issues: "write",
  merge_queues: "read",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
};

export const usualEvents: readonly string[] = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "issue_comment",
  "merge_group",
  "pull_request",
  "push",
  "release",
];
