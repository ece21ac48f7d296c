import type { Caller } from "./auth.ts";
import { refuse } from "./refusal.ts";
import type { Installation, Level, Repository, User } from "./state.ts";

/** What an operation needs: a permission of GitHub Apps and how much of it. */
export type Need = `${string}:${"read" | "write" | "admin"}`;

const rank: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };
const ranked = (level: string | undefined): number => (level ? (rank[level] ?? 0) : 0);

/** A person's level on a repository; everybody reads what is public. */
export const levelOf = (repository: Repository, user: User): Level => {
  if (repository.owner === user.id) return "admin";
  return repository.collaborators[user.id] ?? (repository.private ? "none" : "read");
};

export const covers = (
  installation: Pick<Installation, "account" | "repositories">,
  repository: Repository,
): boolean =>
  installation.account === repository.owner &&
  (installation.repositories === "all" || installation.repositories.includes(repository.id));

/** Lets the caller pass, or says why not as GitHub does: 404 for what it may not even see. */
export const admit = (caller: Caller, asked: { repository: Repository; need: Need }): void => {
  const [permission = "", amount = ""] = asked.need.split(":");
  if (caller.kind === "installation")
    return admitInstallation(caller, asked.repository, { permission, amount });
  if (caller.kind === "app")
    throw refuse(401, "A JSON web token could not be used here: use an installation token");
  if (caller.kind === "nobody") {
    if (asked.repository.private) throw refuse(404, "Not Found");
    if (amount !== "read") throw refuse(401, "Requires authentication");
    return;
  }
  admitPerson(levelOf(asked.repository, caller.user), { permission, amount });
};

interface Wanted {
  readonly permission: string;
  readonly amount: string;
}

const admitInstallation = (
  { installation, grant }: Extract<Caller, { kind: "installation" }>,
  repository: Repository,
  { permission, amount }: Wanted,
): void => {
  if (!covers(installation, repository) || !holds(grant.repositories, repository.id)) {
    if (repository.private) throw refuse(404, "Not Found");
    // What is public, every token may read.
    if (amount === "read" && openToTokens.has(permission)) return;
    throw refuse(403, "Resource not accessible by integration");
  }
  if (permission === "metadata") return;
  // Comments of a pull request are open to either permission.
  const held = permission === "issues" ? ["issues", "pull_requests"] : [permission];
  if (!held.some((name) => ranked(grant.permissions[name]) >= ranked(amount)))
    throw refuse(403, "Resource not accessible by integration");
};

const openToTokens = new Set(["metadata", "contents"]);

const holds = (repositories: "all" | readonly number[], id: number): boolean =>
  repositories === "all" || repositories.includes(id);

const mayWrite = new Set<Level>(["admin", "maintain", "write"]);
/** What every reader may do: open issues and pull requests, comment. */
const openToReaders = new Set(["issues", "pull_requests"]);

const admitPerson = (level: Level, { permission, amount }: Wanted): void => {
  if (level === "none") throw refuse(404, "Not Found");
  if (permission === "checks" && amount === "write")
    throw refuse(403, "You must authenticate via a GitHub App.");
  if (amount === "admin" && level !== "admin") throw refuse(403, "Must have admin rights to Repository.");
  if (amount === "write" && !mayWrite.has(level) && !openToReaders.has(permission))
    throw refuse(403, "Must have push access to Repository.");
};

/** Whether a person may close, merge or edit what others wrote. */
export const maintains = (repository: Repository, caller: Caller): boolean =>
  caller.kind === "installation" ||
  (caller.kind === "person" && mayWrite.has(levelOf(repository, caller.user)));
