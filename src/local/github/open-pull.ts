import { z } from "zod";
import { gitHubTime } from "./commit-object.ts";
import { refreshMerge } from "./merge-refs.ts";
import {
  actor,
  created,
  onRepository,
  readBody,
  type Operation,
  type Reply,
  type RepositoryCall,
} from "./operation.ts";
import { isPull } from "./pull-view.ts";
import { invalid, refuse } from "./refusal.ts";
import type { PullIssue, Repository } from "./state.ts";
import { tellPull } from "./tell-pull.ts";
import { userByLogin } from "./world.ts";

const NewPull = z.object({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().optional(),
});

/** `branch` of the repository itself, or `owner:branch` of the repository or a fork of it. */
const headOf = (call: RepositoryCall, head: string): Source => {
  const { repository, world } = call;
  const colon = head.indexOf(":");
  if (colon < 0) return { repository, ref: head };
  const owner = userByLogin(world, head.slice(0, colon));
  const ref = head.slice(colon + 1);
  if (owner?.id === repository.owner) return { repository, ref };
  const fork = world.state.repositories.find(
    (one) => one.owner === owner?.id && one.parent === repository.id,
  );
  if (!fork) throw invalid("PullRequest", "head", "invalid");
  return { repository: fork, ref };
};

interface Source {
  readonly repository: Repository;
  readonly ref: string;
}

const openPull = async (call: RepositoryCall): Promise<Reply> => {
  const { repository, world, bare } = call;
  const input = readBody(call, NewPull, "PullRequest");
  const from = headOf(call, input.head);
  const head = await world.bare(from.repository).ref(`refs/heads/${from.ref}`);
  if (!head) throw invalid("PullRequest", "head", "invalid");
  const base = await bare.ref(`refs/heads/${input.base}`);
  if (!base) throw invalid("PullRequest", "base", "invalid");
  refuseDoubles(call, from, input.base);
  if (from.repository.id === repository.id && (await bare.mergeBase(base, head)) === head)
    throw senseless(`No commits between ${input.base} and ${from.ref}`);
  const issue = newPull(call, input, { ...from, head, base });
  world.state.issues.push(issue);
  await refreshMerge(world, issue);
  return created(await tellPull(world, issue, { action: "opened", by: actor(call) }));
};

const newPull = (
  call: RepositoryCall,
  input: z.infer<typeof NewPull>,
  from: Source & { head: string; base: string },
): PullIssue => {
  const { repository, world } = call;
  const now = gitHubTime(world.now());
  repository.lastNumber += 1;
  return {
    id: world.nextId(),
    repository: repository.id,
    number: repository.lastNumber,
    title: input.title,
    body: input.body ?? null,
    state: "open",
    author: actor(call).id,
    labels: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    pull: {
      id: world.nextId(),
      headRepository: from.repository.id,
      headOwner: from.repository.owner,
      headRef: from.ref,
      head: from.head,
      baseRef: input.base,
      base: from.base,
      draft: input.draft,
      mergeable: null,
      mergeSha: null,
      mergedAt: null,
      mergedBy: null,
      maintainerCanModify: input.maintainer_can_modify ?? from.repository.id !== repository.id,
    },
  };
};

const senseless = (message: string) =>
  refuse(422, "Validation Failed", { errors: [{ resource: "PullRequest", code: "custom", message }] });

const refuseDoubles = ({ world, repository }: RepositoryCall, from: Source, base: string): void => {
  const double = world.state.issues
    .filter(isPull)
    .some(
      ({ pull, ...issue }) =>
        issue.repository === repository.id &&
        issue.state === "open" &&
        pull.headRepository === from.repository.id &&
        pull.headRef === from.ref &&
        pull.baseRef === base,
    );
  if (double) throw senseless(`A pull request already exists for ${from.ref}.`);
};

export const openPullOperations: readonly Operation[] = [
  onRepository("POST /repos/{owner}/{repo}/pulls", "pull_requests:write", openPull),
];
