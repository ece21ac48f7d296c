import type { ApiCall } from "./api-calls.ts";
import { accountClicks } from "./account-clicks.ts";
import { clicks } from "./clicks.ts";
import type { Fault } from "./faults.ts";
import { install, uninstall } from "./installing.ts";
import { addUser, tokenOf } from "./people.ts";
import { pullClicks } from "./pull-clicks.ts";
import { protect, type Protection } from "./protection.ts";
import { found } from "./refusal.ts";
import type { Delivery, Installation, Level, Repository, User } from "./state.ts";
import { repositoryByName, userByLogin, type World } from "./world.ts";
import { commitOnBranch, type BranchChange } from "./commit-on-branch.ts";
import { forkOf, newRepository, type NewRepository } from "./new-repository.ts";

type ProtectedBranch = [owner: string, name: string, branch: string, wanted?: Protection];

/** What people do on GitHub's pages, and what only its operators can do. */
export const administration = (world: World) => {
  const user = (login: string): User => found(userByLogin(world, login), `there is no user ${login}`);
  const repository = (owner: string, name: string): Repository =>
    found(repositoryByName(world, owner, name), `there is no repository ${owner}/${name}`);
  return {
    /** A person with a personal access token; somebody who is there already keeps theirs. */
    createUser: ({ login, id }: { login: string; id?: number }) => {
      const person = userByLogin(world, login) ?? addUser(world, { login, type: "User", id });
      return { id: person.id, login: person.login, token: tokenOf(world, person) };
    },
    createOrganization: (login: string): User =>
      userByLogin(world, login) ?? addUser(world, { login, type: "Organization" }),
    /** An empty repository's first commit holds `files`, or what lies in `directory`. */
    createRepository: (wanted: NewRepository): Promise<Repository> => newRepository(world, wanted),
    /** Undefined where there is none. */
    repository: (owner: string, name: string): Repository | undefined => repositoryByName(world, owner, name),
    /** Commits files on a branch (a new one leaves the default branch) and tells of it as of a push. */
    commit: (owner: string, name: string, change: BranchChange): Promise<string> =>
      commitOnBranch(world, repository(owner, name), change),
    fork: (owner: string, name: string, by: string): Promise<Repository> =>
      forkOf(world, repository(owner, name), user(by)),
    addCollaborator: (
      owner: string,
      name: string,
      { login, level }: { login: string; level: Level },
    ): void => {
      repository(owner, name).collaborators[user(login).id] = level;
      world.touch();
    },
    /** Protects a branch; what is given replaces what its protection asked for before. */
    protectBranch: (...[owner, name, branch, wanted = {}]: ProtectedBranch): void => {
      protect(repository(owner, name), branch, wanted);
      world.touch();
    },
    install: (owner: string, names: "all" | readonly string[], app?: number): Promise<Installation> =>
      install(world, user(owner), { names, app }),
    uninstall: (installation: Installation): Promise<void> => uninstall(world, installation),
    ...clicks(world),
    ...pullClicks(world, user),
    ...accountClicks(world),
    fault: (fault: Fault): void => void world.faults.push(fault),
    /** All calls of the API so far, GraphQL's among them; git's are none. */
    calls: (): readonly ApiCall[] => world.calls.list(),
    forgetCalls: (): void => world.calls.clear(),
    /** What every call of the API takes at least, in milliseconds. */
    delay: (ms: number): void => void (world.latency.ms = ms),
    clearFaults: (): void => void world.faults.splice(0),
    hold: (): void => world.webhooks.hold(),
    held: (): readonly Delivery[] => world.webhooks.held(),
    release: (chosen?: readonly Delivery[]): Promise<void> => world.webhooks.release(world, chosen),
    /** Waits until no delivery is under way. */
    settled: (): Promise<void> => world.webhooks.settled(),
    deliveries: (): readonly Delivery[] => [...world.state.deliveries],
  };
};

export type Admin = ReturnType<typeof administration>;
