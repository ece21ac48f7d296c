import { rm } from "node:fs/promises";
import { installationView } from "./apps.ts";
import { uncover } from "./installing.ts";
import { leaveAddress, takeAddress } from "./moved.ts";
import { isPull } from "./pull-view.ts";
import type { Repository, User } from "./state.ts";
import { userView } from "./users.ts";
import { repositoryByName, userById, userByLogin, type World } from "./world.ts";

/** Gives an account another login: its id stays, and old addresses of its repositories lead on. */
export const renameUser = async (world: World, user: User, login: string): Promise<void> => {
  if (userByLogin(world, login)) throw new Error(`${login} is taken`);
  const from = user.login;
  for (const repository of world.state.repositories)
    if (repository.owner === user.id) leaveAddress(world, repository);
  user.login = login;
  world.touch();
  for (const installation of world.state.installations) {
    const app = world.apps.get(installation.app);
    if (installation.account !== user.id || !app?.events.includes("installation_target")) continue;
    const body = {
      account: userView(world, user),
      changes: { login: { from } },
      target_type: user.type,
      installation: installationView(world, installation),
    };
    const told = { event: "installation_target", action: "renamed", body, by: user, installation };
    await world.webhooks.tell(world, app, told);
  }
};

export const renameRepository = async (world: World, repository: Repository, name: string): Promise<void> => {
  const owner = userById(world, repository.owner);
  const from = repository.name;
  moveTo(world, repository, { owner, name });
  const body = { changes: { repository: { name: { from } } } };
  await world.webhooks.emit(world, { event: "repository", action: "renamed", body, repository, by: owner });
};

/** Hands a repository to another account; the apps of the old one lose it. */
export const transferRepository = async (world: World, repository: Repository, to: User): Promise<void> => {
  await uncover(world, repository);
  moveTo(world, repository, { owner: to, name: repository.name });
  repository.owner = to.id;
};

const moveTo = (
  world: World,
  repository: Repository,
  { owner, name }: { owner: User; name: string },
): void => {
  if (repositoryByName(world, owner.login, name)) throw new Error(`${owner.login}/${name} is there already`);
  leaveAddress(world, repository);
  takeAddress(world, owner.login, name);
  repository.name = name;
};

/** Deletes a repository and all that was said in it. Pull requests from it to others stay, without their source. */
export const deleteRepository = async (world: World, repository: Repository): Promise<void> => {
  const { state } = world;
  const elsewhere = (one: { repository: number }): boolean => one.repository !== repository.id;
  await uncover(world, repository);
  leaveForks(world, repository);
  const suites = new Set(state.suites.filter(elsewhere).map(({ id }) => id));
  const releases = new Set(state.releases.filter(elsewhere).map(({ id }) => id));
  state.issues = state.issues.filter(elsewhere);
  state.comments = state.comments.filter(elsewhere);
  state.statuses = state.statuses.filter(elsewhere);
  state.queue = state.queue.filter(elsewhere);
  state.suites = state.suites.filter(elsewhere);
  state.runs = state.runs.filter(({ suite }) => suites.has(suite));
  state.releases = state.releases.filter(elsewhere);
  state.assets = state.assets.filter(({ release }) => releases.has(release));
  state.repositories = state.repositories.filter(({ id }) => id !== repository.id);
  for (const { pull } of state.issues.filter(isPull))
    if (pull.headRepository === repository.id) pull.headRepository = null;
  world.touch();
  const bare = world.bare(repository);
  bare.objects.close();
  await rm(bare.dir, { recursive: true, force: true });
};

/** The oldest fork becomes what the others are forks of. */
const leaveForks = ({ state }: World, { id, parent }: Repository): void => {
  const [oldest, ...others] = state.repositories.filter((one) => one.parent === id);
  if (!oldest) return;
  oldest.parent = parent;
  for (const other of others) other.parent = parent ?? oldest.id;
};
