import type { Caller } from "../auth.ts";
import { admit, type Need } from "../permissions.ts";
import type { RateLimit } from "../rate-limit.ts";
import { isRefusal } from "../refusal.ts";
import type { CheckRun, CheckSuite, PullIssue, Repository, User } from "../state.ts";
import type { App, World } from "../world.ts";

/** An object of GraphQL's answers: values, or functions of a field's arguments. */
export type Node = Readonly<Record<string, unknown>>;

/** What the world's records look like in GraphQL. */
export interface Nodes {
  readonly account: (user: User) => Node;
  readonly app: (app: App) => Node;
  readonly repository: (repository: Repository) => Node;
  readonly pull: (issue: PullIssue) => Node;
  readonly commit: (repository: Repository, sha: string) => Promise<Node>;
  /** What a revision (`main`, `<sha>:<path>`) names; null for nothing. */
  readonly object: (repository: Repository, revision: string) => Promise<Node | null>;
  readonly run: (run: CheckRun) => Node;
  readonly suite: (suite: CheckSuite) => Node;
}

/** One request of GraphQL. */
export interface Asking {
  readonly world: World;
  readonly caller: Caller;
  readonly rate: RateLimit;
  readonly nodes: Nodes;
}

/** Refuses what the caller may not. */
export const demand = ({ caller }: Asking, repository: Repository, need: Need): void =>
  admit(caller, { repository, need });

export const sees = ({ caller }: Asking, repository: Repository): boolean => {
  try {
    admit(caller, { repository, need: "metadata:read" });
    return true;
  } catch (thrown) {
    if (isRefusal(thrown)) return false;
    throw thrown;
  }
};
