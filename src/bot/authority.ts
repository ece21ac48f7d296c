/** Who somebody is to a repository. Logins change hands, so only the numeric id counts. */
export interface Person {
  readonly id: number;
  /** By GitHub's permission API, asked now for this very id. */
  readonly canWrite: boolean;
}

/** Authority is a numeric id in a set or GitHub's permission API; nothing else counts. */
export const isCommitter = (person: Person, committers: readonly number[]): boolean =>
  person.canWrite || new Set(committers).has(person.id);

/** `contributor`: the author of a pull request whose commit may be built. */
export type Role = "committer" | "contributor" | "stranger";

/** What is known of somebody who commands something on a pull request. */
export interface Asking {
  readonly person: Person;
  /** The id of the pull request's author. */
  readonly author: number;
  /** Numeric ids from the config on the default branch. */
  readonly committers: readonly number[];
  /** What `mayBuild` says of the head as it is now. */
  readonly mayBeBuilt: boolean;
}

export function roleOf({ person, author, committers, mayBeBuilt }: Asking): Role {
  if (isCommitter(person, committers)) return "committer";
  return person.id === author && mayBeBuilt ? "contributor" : "stranger";
}

/** Whom a command is for. Committers may do whatever contributors may. */
export type Need = "anyone" | "contributor" | "committer";

/** By which rule somebody may command, or not. */
export type CommandRule = "forAnyone" | "isContributor" | "isCommitter" | RefusedCommand;
export type RefusedCommand = "needsContributor" | "needsCommitter";

export type Permission =
  | { readonly may: true; readonly rule: Exclude<CommandRule, RefusedCommand> }
  | { readonly may: false; readonly rule: RefusedCommand };

/** May somebody of this role give a command that is for these people? */
export function mayCommand(role: Role, need: Need): Permission {
  if (need === "anyone") return { may: true, rule: "forAnyone" };
  if (role === "committer") return { may: true, rule: "isCommitter" };
  if (need === "committer") return { may: false, rule: "needsCommitter" };
  return role === "contributor"
    ? { may: true, rule: "isContributor" }
    : { may: false, rule: "needsContributor" };
}
