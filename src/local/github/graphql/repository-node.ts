import { nodeId } from "../node-ids.ts";
import { isPull } from "../pull-view.ts";
import { found, refuse } from "../refusal.ts";
import { repositoryUrls } from "../repository-view.ts";
import type { Repository } from "../state.ts";
import { fullName, userById } from "../world.ts";
import { demand, type Asking, type Node } from "./asking.ts";
import { collaborators, type CollaboratorsAsked } from "./collaborators.ts";

export const repositoryNode = (asking: Asking, repository: Repository): Node => {
  const { world, nodes } = asking;
  const named = (name: string) => refNode(asking, repository, name);
  return {
    __typename: "Repository",
    id: nodeId("Repository", repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(world, repository),
    owner: () => nodes.account(userById(world, repository.owner)),
    isPrivate: repository.private,
    isFork: repository.parent !== null,
    url: repositoryUrls(world, repository).html,
    defaultBranchRef: () => named(`refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName: name }: { qualifiedName: string }) =>
      named(name.startsWith("refs/") ? name : `refs/heads/${name}`),
    object: ({ expression, oid }: { expression?: string | null; oid?: string | null }) => {
      demand(asking, repository, "contents:read");
      return nodes.object(repository, oid ?? expression ?? "");
    },
    collaborators: (asked: CollaboratorsAsked) => collaborators(asking, repository, asked),
    pullRequest: ({ number }: { number: number }) => pullAt(asking, repository, number),
  };
};

const pullAt = (asking: Asking, repository: Repository, number: number): Node => {
  demand(asking, repository, "pull_requests:read");
  const pull = asking.world.state.issues
    .filter(isPull)
    .find((one) => one.repository === repository.id && one.number === number);
  return asking.nodes.pull(found(pull, `Could not resolve to a PullRequest with the number of ${number}.`));
};

/** A branch or tag by its full name; null where there is none. */
export const refNode = async (asking: Asking, repository: Repository, full: string): Promise<Node | null> => {
  demand(asking, repository, "contents:read");
  const sha = await asking.world.bare(repository).ref(full);
  const [, prefix, name] = /^(refs\/\w+\/)(.+)$/.exec(full) ?? [];
  if (!sha) return null;
  if (!prefix || !name) throw refuse(422, `${full} is not a qualified name`);
  return {
    __typename: "Ref",
    id: nodeId("Ref", `${repository.id}:${full}`),
    name,
    prefix,
    repository: () => asking.nodes.repository(repository),
    target: () => asking.nodes.object(repository, sha),
  };
};
