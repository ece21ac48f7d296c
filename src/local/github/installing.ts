import { installationView } from "./apps.ts";
import { nodeId } from "./node-ids.ts";
import { covers } from "./permissions.ts";
import { found } from "./refusal.ts";
import type { Installation, Repository, User } from "./state.ts";
import { appById, fullName, repositoryByName, userById, type App, type World } from "./world.ts";

interface Installing {
  readonly names: "all" | readonly string[];
  readonly app: number | undefined;
}

/** Installs an app on an account's repositories; what is installed already is widened. */
export const install = async (
  world: World,
  account: User,
  { names, app: id }: Installing,
): Promise<Installation> => {
  const app = appOrFirst(world, id);
  const chosen = (names === "all" ? [] : names).map((name) =>
    found(repositoryByName(world, account.login, name), `there is no repository ${account.login}/${name}`),
  );
  const held = world.state.installations.find((one) => one.app === app.id && one.account === account.id);
  if (held) {
    await widen(world, held, names === "all" ? "all" : chosen);
    return held;
  }
  const installation: Installation = {
    id: world.nextId(),
    app: app.id,
    account: account.id,
    repositories: names === "all" ? "all" : chosen.map((one) => one.id),
    createdAt: world.now(),
  };
  world.state.installations.push(installation);
  const repositories = world.state.repositories.filter((one) => covers(installation, one)).map(brief(world));
  const body = { installation: installationView(world, installation), repositories, requester: null };
  await world.webhooks.tell(world, app, {
    event: "installation",
    action: "created",
    body,
    by: account,
    installation,
  });
  return installation;
};

const widen = async (world: World, installation: Installation, chosen: "all" | readonly Repository[]) => {
  const app = appById(world, installation.app);
  const all =
    chosen === "all" ? world.state.repositories.filter((one) => one.owner === installation.account) : chosen;
  const added = all.filter((one) => !covers(installation, one));
  if (chosen === "all") installation.repositories = "all";
  else if (installation.repositories !== "all") installation.repositories.push(...added.map(({ id }) => id));
  world.touch();
  if (added.length === 0) return;
  const body = {
    installation: installationView(world, installation),
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    repositories_added: added.map(brief(world)),
    repositories_removed: [],
    requester: null,
  };
  const by = userById(world, installation.account);
  await world.webhooks.tell(world, app, {
    event: "installation_repositories",
    action: "added",
    body,
    by,
    installation,
  });
};

export const uninstall = async (world: World, installation: Installation): Promise<void> => {
  const body = { installation: installationView(world, installation), repositories: [], requester: null };
  const by = userById(world, installation.account);
  world.state.installations = world.state.installations.filter(({ id }) => id !== installation.id);
  const app = appById(world, installation.app);
  await world.webhooks.tell(world, app, { event: "installation", action: "deleted", body, by, installation });
};

/** Every app that reached a repository is told that it does no longer. */
export const uncover = async (world: World, repository: Repository): Promise<void> => {
  const by = userById(world, repository.owner);
  for (const installation of world.state.installations.filter((one) => covers(one, repository))) {
    if (installation.repositories !== "all")
      installation.repositories = installation.repositories.filter((id) => id !== repository.id);
    const body = {
      installation: installationView(world, installation),
      repository_selection: installation.repositories === "all" ? "all" : "selected",
      repositories_added: [],
      repositories_removed: [brief(world)(repository)],
      requester: null,
    };
    const told = { event: "installation_repositories", action: "removed", body, by, installation };
    await world.webhooks.tell(world, appById(world, installation.app), told);
  }
  world.touch();
};

const brief = (world: World) => (repository: Repository) => ({
  id: repository.id,
  node_id: nodeId("Repository", repository.id),
  name: repository.name,
  full_name: fullName(world, repository),
  private: repository.private,
});

/** The app of an id, or the one the GitHub was started with. */
export const appOrFirst = (world: World, id: number | undefined): App =>
  id === undefined ? found([...world.apps.values()][0]) : appById(world, id);
