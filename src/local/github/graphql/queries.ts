import { actorOf } from "../auth.ts";
import { suiteOf } from "../check-run-view.ts";
import { movedFrom } from "../moved.ts";
import { readNodeId } from "../node-ids.ts";
import { isPull } from "../pull-view.ts";
import { found } from "../refusal.ts";
import type { Repository } from "../state.ts";
import { repositoryById, repositoryByName, userByLogin } from "../world.ts";
import { demand, sees, type Asking, type Node } from "./asking.ts";

/** What may be asked. */
export const queries = (asking: Asking): Node => {
  const { world, caller, rate, nodes } = asking;
  return {
    rateLimit: {
      cost: 1,
      nodeCount: 0,
      limit: rate.limit,
      remaining: rate.remaining,
      used: rate.used,
      resetAt: new Date(rate.reset * 1000).toISOString().replace(".000Z", "Z"),
    },
    // An app is its bot, as a user, and with the brackets.
    viewer: () => {
      const user = actorOf(world, caller);
      return { ...nodes.account(user), __typename: "User", login: user.login };
    },
    user: ({ login }: { login: string }) => {
      const user = userByLogin(world, login);
      const words = `Could not resolve to a User with the login of '${login}'.`;
      return nodes.account(found(user?.type === "User" ? user : undefined, words));
    },
    repository: (asked: { owner: string; name: string; followRenames?: boolean | null }) =>
      nodes.repository(named(asking, asked)),
    node: ({ id }: { id: string }) => nodeOf(asking, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => nodeOf(asking, id)),
  };
};

const named = (
  asking: Asking,
  { owner, name, followRenames }: { owner: string; name: string; followRenames?: boolean | null },
): Repository => {
  const { world } = asking;
  const repository =
    repositoryByName(world, owner, name) ??
    (followRenames === false ? undefined : movedFrom(world, owner, name));
  const words = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
  return found(repository && sees(asking, repository) ? repository : undefined, words);
};

const nodeOf = async (asking: Asking, id: string): Promise<Node> => {
  const words = `Could not resolve to a node with the global id of '${id}'`;
  const read = readNodeId(id);
  const find = read && finders[read.kind];
  return found(find && (await find(asking, read.key)), words);
};

type Find = (asking: Asking, key: string) => Node | null | undefined | Promise<Node | null | undefined>;

const seen = (asking: Asking, repository: Repository | undefined): repository is Repository =>
  repository !== undefined && sees(asking, repository);

const repositoryAt = ({ world }: Asking, key: string): Repository | undefined =>
  world.state.repositories.find((one) => String(one.id) === key);

const gitObject: Find = (asking, key) => {
  const [id = "", sha = ""] = key.split(":");
  const repository = repositoryAt(asking, id);
  if (!seen(asking, repository)) return undefined;
  demand(asking, repository, "contents:read");
  return asking.nodes.object(repository, sha);
};

const account: Find = ({ world, nodes }, key) => {
  const user = world.state.users.find((one) => String(one.id) === key);
  return user && nodes.account(user);
};

/** How the records of a kind are found by their key. */
const finders: Readonly<Record<string, Find>> = {
  Repository: (asking, key) => {
    const repository = repositoryAt(asking, key);
    return seen(asking, repository) ? asking.nodes.repository(repository) : undefined;
  },
  PullRequest: (asking, key) => {
    const pull = asking.world.state.issues.filter(isPull).find((one) => String(one.pull.id) === key);
    const repository = pull && repositoryById(asking.world, pull.repository);
    if (!pull || !seen(asking, repository)) return undefined;
    demand(asking, repository, "pull_requests:read");
    return asking.nodes.pull(pull);
  },
  CheckRun: (asking, key) => {
    const run = asking.world.state.runs.find((one) => String(one.id) === key);
    const repository = run && repositoryById(asking.world, suiteOf(asking.world, run).repository);
    if (!run || !seen(asking, repository)) return undefined;
    demand(asking, repository, "checks:read");
    return asking.nodes.run(run);
  },
  CheckSuite: (asking, key) => {
    const suite = asking.world.state.suites.find((one) => String(one.id) === key);
    const repository = suite && repositoryById(asking.world, suite.repository);
    if (!suite || !seen(asking, repository)) return undefined;
    demand(asking, repository, "checks:read");
    return asking.nodes.suite(suite);
  },
  Blob: gitObject,
  Commit: gitObject,
  Tree: gitObject,
  Bot: account,
  Organization: account,
  User: account,
};
