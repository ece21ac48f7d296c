import { z } from "zod";
import { writeRef } from "./bare-write.ts";
import {
  actor,
  created,
  noContent,
  ok,
  onRepository,
  page,
  param,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { refMoved } from "./ref-moved.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";

const refView = async ({ world, repository, bare }: RepositoryCall, ref: string, sha: string) => {
  const { api } = repositoryUrls(world, repository);
  const type = (await bare.objects.info(sha))?.type ?? "commit";
  return {
    ref,
    node_id: `REF_${repository.id}_${ref}`,
    url: `${api}/git/${ref}`,
    object: { type, sha, url: `${api}/git/${type}s/${sha}` },
  };
};

const fullRef = (call: RepositoryCall): string => `refs/${param(call, "ref")}`;

const getRef = async (call: RepositoryCall) => {
  const ref = fullRef(call);
  return ok(await refView(call, ref, found(await call.bare.ref(ref))));
};

const matchingRefs = async (call: RepositoryCall) => {
  const matching = [...(await call.bare.refs())].filter(([name]) => name.startsWith(fullRef(call)));
  const { items, headers } = page(call, matching);
  return ok(await Promise.all(items.map(([ref, sha]) => refView(call, ref, sha))), headers);
};

const NewRef = z.object({ ref: z.string(), sha: z.string() });

const createRef = async (call: RepositoryCall) => {
  const { bare, repository, world } = call;
  const { ref, sha } = readBody(call, NewRef, "Reference");
  if (!/^refs\/[^/]+\/[^\0\n ~^:?*[\\]+$/.test(ref) || ref.includes(".."))
    throw refuse(422, "Reference name must start with 'refs' and have at least two slashes.");
  if (!(await bare.objects.info(sha))) throw refuse(422, "Object does not exist");
  if (await bare.ref(ref)) throw refuse(422, "Reference already exists");
  await writeRef(bare, ref, sha);
  await refMoved(world, { repository, ref, before: undefined, after: sha, by: actor(call) });
  return created(await refView(call, ref, sha));
};

const ChangedRef = z.object({ sha: z.string(), force: z.boolean().default(false) });

const updateRef = async (call: RepositoryCall) => {
  const { bare, repository, world } = call;
  const { sha, force } = readBody(call, ChangedRef, "Reference");
  const ref = fullRef(call);
  const before = await bare.ref(ref);
  if (!before) throw refuse(422, "Reference does not exist");
  if (!(await bare.objects.info(sha))) throw refuse(422, "Object does not exist");
  if (!force && (await bare.mergeBase(before, sha)) !== before)
    throw refuse(422, "Update is not a fast forward");
  await writeRef(bare, ref, sha);
  await refMoved(world, { repository, ref, before, after: sha, by: actor(call) });
  return ok(await refView(call, ref, sha));
};

const deleteRef = async (call: RepositoryCall) => {
  const { bare, repository, world } = call;
  const ref = fullRef(call);
  const before = await bare.ref(ref);
  if (!before) throw refuse(422, "Reference does not exist");
  await writeRef(bare, ref, null);
  await refMoved(world, { repository, ref, before, after: undefined, by: actor(call) });
  return noContent();
};

const R = "/repos/{owner}/{repo}/git";

export const gitRefOperations: readonly Operation[] = [
  onRepository(`GET ${R}/ref/{ref}`, "contents:read", getRef),
  onRepository(`GET ${R}/matching-refs/{ref}`, "contents:read", matchingRefs),
  onRepository(`POST ${R}/refs`, "contents:write", createRef),
  onRepository(`PATCH ${R}/refs/{ref}`, "contents:write", updateRef),
  onRepository(`DELETE ${R}/refs/{ref}`, "contents:write", deleteRef),
];
