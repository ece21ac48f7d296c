import { levelOf } from "../permissions.ts";
import type { Repository, User } from "../state.ts";
import { demand, type Asking, type Node } from "./asking.ts";
import { connection, type Page } from "./connection.ts";

export interface CollaboratorsAsked extends Page {
  readonly login?: string | null;
  /** The beginning of a login. */
  readonly query?: string | null;
}

/** People who were given a level on a repository, its owner among them; readers of what is public are none. */
export const collaborators = (
  asking: Asking,
  repository: Repository,
  { login, query, ...page }: CollaboratorsAsked,
): Node => {
  demand(asking, repository, "metadata:read");
  const wanted = (user: User): boolean => {
    const name = user.login.toLowerCase();
    return login ? name === login.toLowerCase() : name.startsWith(query?.toLowerCase() ?? "");
  };
  const people = asking.world.state.users
    .filter(({ type, id }) => type === "User" && (id === repository.owner || repository.collaborators[id]))
    .filter((user) => levelOf(repository, user) !== "none" && wanted(user));
  return connection("collaborators", people, {
    page,
    node: (user) => asking.nodes.account(user),
    edge: (user) => ({ permission: levelOf(repository, user).toUpperCase() }),
  });
};
