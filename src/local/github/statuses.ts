import { z } from "zod";
import type { Json } from "./fill.ts";
import {
  actor,
  created,
  ok,
  onRepository,
  page,
  param,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { CommitStatus } from "./state.ts";
import { userView } from "./users.ts";
import { repositoryById, userById, type World } from "./world.ts";

const statusView = (world: World, status: CommitStatus): Json => ({
  id: status.id,
  node_id: `SC_${status.id}`,
  url: `${repositoryUrls(world, repositoryById(world, status.repository)).api}/statuses/${status.sha}`,
  avatar_url: null,
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: status.createdAt,
  updated_at: status.createdAt,
  creator: userView(world, userById(world, status.author)),
});

const NewStatus = z.object({
  state: z.enum(["error", "failure", "pending", "success"]),
  target_url: z.string().nullish(),
  description: z.string().max(140).nullish(),
  context: z.string().default("default"),
});

const createStatus = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const sha = param(call, "sha");
  if ((await bare.objects.info(sha))?.type !== "commit") throw refuse(422, `No commit found for SHA: ${sha}`);
  const input = readBody(call, NewStatus, "Status");
  const status: CommitStatus = {
    id: world.nextId(),
    repository: repository.id,
    sha,
    state: input.state,
    description: input.description ?? null,
    targetUrl: input.target_url ?? null,
    context: input.context,
    author: actor(call).id,
    createdAt: world.now(),
  };
  world.state.statuses.push(status);
  return created(statusView(world, status));
};

const listStatuses = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const sha = found(await bare.commit(param(call, "ref")));
  const all = world.state.statuses.filter((one) => one.repository === repository.id && one.sha === sha);
  const { items, headers } = page(call, all.toReversed());
  return ok(
    items.map((status) => statusView(world, status)),
    headers,
  );
};

export const statusOperations: readonly Operation[] = [
  onRepository("POST /repos/{owner}/{repo}/statuses/{sha}", "statuses:write", createStatus),
  onRepository("GET /repos/{owner}/{repo}/commits/{ref}/statuses", "statuses:read", listStatuses),
];
