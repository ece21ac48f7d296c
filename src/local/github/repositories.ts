import { commitView } from "./commit-view.ts";
import type { Json } from "./fill.ts";
import { ok, onRepository, page, param, type Operation, type RepositoryCall } from "./operation.ts";
import { levelOf } from "./permissions.ts";
import { protectionView } from "./protection.ts";
import { found } from "./refusal.ts";
import { repositoryUrls, repositoryView } from "./repository-view.ts";
import { userView } from "./users.ts";
import { repositoryById, userByLogin } from "./world.ts";
import type { Repository, User } from "./state.ts";

const rights = (repository: Repository, user: User): Json => {
  const level = levelOf(repository, user);
  const order = ["none", "read", "triage", "write", "maintain", "admin"];
  const atLeast = (wanted: string): boolean => order.indexOf(level) >= order.indexOf(wanted);
  return {
    admin: atLeast("admin"),
    maintain: atLeast("maintain"),
    push: atLeast("write"),
    triage: atLeast("triage"),
    pull: atLeast("read"),
  };
};

const getRepository = ({ world, repository, caller }: RepositoryCall) => {
  const parent = repository.parent === null ? undefined : repositoryById(world, repository.parent);
  const permissions = caller.kind === "person" ? { permissions: rights(repository, caller.user) } : {};
  return ok({
    ...repositoryView(world, repository),
    ...permissions,
    ...(parent ? { parent: repositoryView(world, parent), source: repositoryView(world, parent) } : {}),
  });
};

const listBranches = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const { api } = repositoryUrls(world, repository);
  const wanted = call.url.searchParams.get("protected");
  const branches = [...(await bare.refs())]
    .filter(([ref]) => ref.startsWith("refs/heads/"))
    .map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }))
    .map(({ name, sha }) => ({
      name,
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: repository.protectedBranches.includes(name),
    }))
    .filter((branch) => wanted === null || String(branch.protected) === wanted);
  const { items, headers } = page(call, branches);
  return ok(items, headers);
};

const getBranch = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const name = param(call, "branch");
  const sha = found(await bare.ref(`refs/heads/${name}`), "Branch not found");
  const { api, html } = repositoryUrls(world, repository);
  const protection = protectionView(repository, name);
  return ok({
    name,
    commit: commitView(world, repository, await bare.info(sha)),
    protected: protection.enabled,
    protection,
    protection_url: `${api}/branches/${name}/protection`,
    _links: { self: `${api}/branches/${name}`, html: `${html}/tree/${name}` },
  });
};

const listTags = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const { api, html } = repositoryUrls(world, repository);
  const names = [...(await bare.refs()).keys()].filter((ref) => ref.startsWith("refs/tags/"));
  const { items, headers } = page(call, names.toReversed());
  const tags = items.map(async (ref) => {
    const name = ref.slice("refs/tags/".length);
    const sha = (await bare.commit(ref)) ?? "";
    return {
      name,
      commit: { sha, url: `${api}/commits/${sha}` },
      zipball_url: `${html}/archive/refs/tags/${name}.zip`,
      tarball_url: `${html}/archive/refs/tags/${name}.tar.gz`,
      node_id: `T_${name}`,
    };
  });
  return ok(await Promise.all(tags), headers);
};

/** GitHub folds five levels into three, and names the true one beside. */
const permissionOf = (call: RepositoryCall) => {
  const { world, repository } = call;
  const user = found(userByLogin(world, param(call, "username")));
  const level = levelOf(repository, user);
  const folded = level === "maintain" ? "write" : level === "triage" ? "read" : level;
  const permissions = rights(repository, user);
  return ok({
    permission: folded,
    role_name: level,
    user: { ...userView(world, user), permissions, role_name: level },
  });
};

export const repositoryOperations: readonly Operation[] = [
  onRepository("GET /repos/{owner}/{repo}", "metadata:read", getRepository),
  onRepository("GET /repos/{owner}/{repo}/branches", "contents:read", listBranches),
  onRepository("GET /repos/{owner}/{repo}/branches/{branch}", "contents:read", getBranch),
  onRepository("GET /repos/{owner}/{repo}/tags", "contents:read", listTags),
  onRepository(
    "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    "metadata:read",
    permissionOf,
  ),
];
