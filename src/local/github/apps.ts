import { randomBytes } from "node:crypto";
import { z } from "zod";
import { gitHubTime } from "./commit-object.ts";
import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import {
  created,
  noContent,
  ok,
  onAnything,
  onApp,
  page,
  param,
  paramNumber,
  readBody,
  type Call,
  type Operation,
} from "./operation.ts";
import { refuseSuspended } from "./auth.ts";
import { covers } from "./permissions.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryView } from "./repository-view.ts";
import type { Installation, Permissions, Repository } from "./state.ts";
import { userView } from "./users.ts";
import { appById, botOf, repositoryByName, userById, userByLogin, type App, type World } from "./world.ts";

const begin = "2026-01-01T00:00:00Z";

export const appView = (world: World, app: App): Json => ({
  id: app.id,
  slug: app.slug,
  client_id: `Iv1.${app.id}`,
  node_id: nodeId("App", app.id),
  owner: userView(world, botOf(world, app)),
  name: app.slug,
  description: null,
  external_url: world.urls.html,
  html_url: `${world.urls.html}/apps/${app.slug}`,
  created_at: begin,
  updated_at: begin,
  permissions: app.permissions,
  events: app.events,
});

export const installationView = (world: World, installation: Installation): Json => {
  const app = appById(world, installation.app);
  const account = userById(world, installation.account);
  return {
    id: installation.id,
    account: userView(world, account),
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    access_tokens_url: `${world.urls.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.urls.api}/installation/repositories`,
    html_url: `${world.urls.html}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    single_file_name: null,
    suspended_at: installation.suspendedAt ?? null,
    suspended_by: installation.suspendedBy
      ? userView(world, userById(world, installation.suspendedBy))
      : null,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
  };
};

const installationsOf = (world: World, app: App): readonly Installation[] =>
  world.state.installations.filter((installation) => installation.app === app.id);

const NewToken = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
});

const lifeMs = 3_600_000;

const createToken = (call: Call & { app: App }) => {
  const { world, app } = call;
  const installation = found(
    installationsOf(world, app).find(({ id }) => id === paramNumber(call, "installation_id")),
  );
  refuseSuspended(installation);
  const input = readBody(call, NewToken, "Installation");
  const permissions = narrowed(app.permissions, input.permissions);
  const chosen = chosenRepositories(world, installation, input);
  const expiresAt = gitHubTime(Date.parse(world.now()) + lifeMs);
  const token = newToken(app);
  const repositories = chosen ? chosen.map(({ id }) => id) : installation.repositories;
  world.state.grants[token] = { installation: installation.id, permissions, repositories, expiresAt };
  forgetExpired(world);
  world.touch();
  return created({
    token,
    expires_at: expiresAt,
    permissions,
    repository_selection: chosen ? "selected" : installationView(world, installation)["repository_selection"],
    ...(chosen ? { repositories: chosen.map((repository) => repositoryView(world, repository)) } : {}),
  });
};

const forgetExpired = (world: World): void => {
  for (const [token, grant] of Object.entries(world.state.grants))
    if (Date.parse(grant.expiresAt) < Date.parse(world.now())) delete world.state.grants[token];
};

const rank: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

const narrowed = (held: Permissions, wanted: Permissions | undefined): Permissions => {
  for (const [name, amount] of Object.entries(wanted ?? {}))
    if ((rank[amount] ?? 9) > (rank[held[name] ?? ""] ?? 0))
      throw refuse(422, "The permissions requested are not granted to this installation.");
  return wanted ? { ...wanted, metadata: "read" } : held;
};

const chosenRepositories = (
  world: World,
  installation: Installation,
  input: z.infer<typeof NewToken>,
): Repository[] | undefined => {
  if (!input.repositories && !input.repository_ids) return undefined;
  const owner = userById(world, installation.account).login;
  const named = (input.repositories ?? []).map((name) => repositoryByName(world, owner, name));
  const numbered = (input.repository_ids ?? []).map((id) =>
    world.state.repositories.find((one) => one.id === id),
  );
  return [...named, ...numbered].map((repository) => {
    if (repository && covers(installation, repository)) return repository;
    throw refuse(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  });
};

/** GitHub's format since 2026: `ghs_<app>_<three parts with dots>`, some 650 characters. */
const newToken = (app: App): string => {
  const part = (bytes: number): string => randomBytes(bytes).toString("base64url").replaceAll("-", "_");
  return `ghs_${app.id}_eyJ${part(60)}.${part(300)}.${part(120)}`;
};

const reachable = (call: Call): readonly Repository[] => {
  const { caller, world } = call;
  if (caller.kind !== "installation") throw refuse(403, "Resource not accessible: use an installation token");
  const { repositories } = caller.grant;
  return world.state.repositories.filter(
    (one) => covers(caller.installation, one) && (repositories === "all" || repositories.includes(one.id)),
  );
};

const installationAt = (world: World, app: App, covered: (one: Installation) => boolean): Json =>
  installationView(world, found(installationsOf(world, app).find(covered)));

export const appOperations: readonly Operation[] = [
  onApp("GET /app", ({ world, app }) => ok(appView(world, app))),
  onApp("GET /app/installations", (call) => {
    const { items, headers } = page(call, installationsOf(call.world, call.app));
    return ok(
      items.map((item) => installationView(call.world, item)),
      headers,
    );
  }),
  onApp("GET /app/installations/{installation_id}", (call) =>
    ok(installationAt(call.world, call.app, ({ id }) => id === paramNumber(call, "installation_id"))),
  ),
  onApp("POST /app/installations/{installation_id}/access_tokens", createToken),
  onApp("GET /repos/{owner}/{repo}/installation", (call) => {
    const repository = found(repositoryByName(call.world, param(call, "owner"), param(call, "repo")));
    return ok(installationAt(call.world, call.app, (one) => covers(one, repository)));
  }),
  ...["/orgs/{org}/installation", "/users/{username}/installation"].map((path) =>
    onApp(`GET ${path}`, (call) => {
      const account = found(userByLogin(call.world, call.params["org"] ?? param(call, "username")));
      return ok(installationAt(call.world, call.app, (one) => one.account === account.id));
    }),
  ),
  onAnything("GET /installation/repositories", (call) => {
    const all = reachable(call);
    const { items, headers } = page(call, all);
    const repositories = items.map((item) => repositoryView(call.world, item));
    return ok({ total_count: all.length, repositories }, headers);
  }),
  onAnything("DELETE /installation/token", ({ caller, world }) => {
    if (caller.kind !== "installation")
      throw refuse(403, "Resource not accessible: use an installation token");
    delete world.state.grants[caller.token];
    world.touch();
    return noContent();
  }),
];
