import { deleteRepository, renameRepository, renameUser, transferRepository } from "./accounts.ts";
import { found } from "./refusal.ts";
import type { Installation, Repository, User } from "./state.ts";
import { suspend, unsuspend } from "./suspending.ts";
import { repositoryByName, userById, userByLogin, type World } from "./world.ts";

/** What owners do to accounts, repositories and installations in their settings. */
export const accountClicks = (world: World) => {
  const user = (login: string): User => found(userByLogin(world, login), `there is no user ${login}`);
  const repository = (owner: string, name: string): Repository =>
    found(repositoryByName(world, owner, name), `there is no repository ${owner}/${name}`);
  const owner = ({ account }: Installation): User => userById(world, account);
  return {
    renameUser: (login: string, to: string): Promise<void> => renameUser(world, user(login), to),
    renameRepository: (owner: string, name: string, to: string): Promise<void> =>
      renameRepository(world, repository(owner, name), to),
    /** Hands a repository to another account. */
    transferRepository: (owner: string, name: string, to: string): Promise<void> =>
      transferRepository(world, repository(owner, name), user(to)),
    /** A fork goes the same way. */
    deleteRepository: (owner: string, name: string): Promise<void> =>
      deleteRepository(world, repository(owner, name)),
    removeCollaborator: (owner: string, name: string, login: string): void => {
      delete repository(owner, name).collaborators[user(login).id];
      world.touch();
    },
    /** `by`: a login; the account of the installation if absent. */
    suspend: (installation: Installation, by?: string): Promise<void> =>
      suspend(world, installation, by === undefined ? owner(installation) : user(by)),
    unsuspend: (installation: Installation, by?: string): Promise<void> =>
      unsuspend(world, installation, by === undefined ? owner(installation) : user(by)),
  };
};
