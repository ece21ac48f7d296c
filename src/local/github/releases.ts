import { z } from "zod";
import { writeRef } from "./bare-write.ts";
import { gitHubTime } from "./commit-object.ts";
import {
  actor,
  created,
  noContent,
  ok,
  onRepository,
  page,
  param,
  paramNumber,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { refMoved } from "./ref-moved.ts";
import { found, invalid } from "./refusal.ts";
import { releaseView } from "./release-view.ts";
import type { Release } from "./state.ts";

export const releaseAt = (call: RepositoryCall): Release =>
  found(releasesOf(call).find(({ id }) => id === paramNumber(call, "release_id")));

/** Newest first; drafts are shown to who may write. */
const releasesOf = ({ world, repository, caller }: RepositoryCall): readonly Release[] =>
  world.state.releases
    .filter((release) => release.repository === repository.id && (!release.draft || caller.kind !== "nobody"))
    .toReversed();

const ReleaseInput = z.object({
  tag_name: z.string().min(1).optional(),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
});

const NewRelease = ReleaseInput.required({ tag_name: true });

const createRelease = async (call: RepositoryCall) => {
  const { world, repository } = call;
  const input = readBody(call, NewRelease, "Release");
  if (releasesOf(call).some((one) => one.tag === input.tag_name && !one.draft))
    throw invalid("Release", "tag_name", "already_exists");
  const release: Release = {
    id: world.nextId(),
    repository: repository.id,
    tag: input.tag_name,
    target: input.target_commitish ?? repository.defaultBranch,
    name: input.name ?? null,
    body: input.body ?? null,
    draft: true,
    prerelease: input.prerelease ?? false,
    author: actor(call).id,
    createdAt: gitHubTime(world.now()),
    publishedAt: null,
  };
  if (!input.draft) await makeTag(call, release);
  world.state.releases.push(release);
  if (!input.draft) release.draft = false;
  await tell(call, release, "created");
  if (!input.draft) await tellPublished(call, release);
  return created(releaseView(world, release));
};

const makeTag = async (call: RepositoryCall, release: Release): Promise<void> => {
  const { bare, repository, world } = call;
  const ref = `refs/tags/${release.tag}`;
  if (await bare.ref(ref)) return;
  const sha = await bare.commit(release.target);
  if (!sha) throw invalid("Release", "target_commitish", "invalid");
  await writeRef(bare, ref, sha);
  await refMoved(world, { repository, ref, before: undefined, after: sha, by: actor(call) });
};

const tell = (call: RepositoryCall, release: Release, action: string): Promise<void> => {
  const { world, repository } = call;
  const body = { release: releaseView(world, release), ...(action === "edited" ? { changes: {} } : {}) };
  return world.webhooks.emit(world, { event: "release", action, body, repository, by: actor(call) });
};

const tellPublished = async (call: RepositoryCall, release: Release): Promise<void> => {
  release.publishedAt = gitHubTime(call.world.now());
  await tell(call, release, "published");
  await tell(call, release, release.prerelease ? "prereleased" : "released");
};

const updateRelease = async (call: RepositoryCall) => {
  const release = releaseAt(call);
  const input = readBody(call, ReleaseInput, "Release");
  release.tag = input.tag_name ?? release.tag;
  release.target = input.target_commitish ?? release.target;
  release.name = input.name ?? release.name;
  release.body = input.body ?? release.body;
  release.prerelease = input.prerelease ?? release.prerelease;
  if (release.draft && input.draft === false) {
    await makeTag(call, release);
    release.draft = false;
    await tellPublished(call, release);
  } else if (!release.draft) await tell(call, release, "edited");
  return ok(releaseView(call.world, release));
};

const deleteRelease = async (call: RepositoryCall) => {
  const release = releaseAt(call);
  const { state } = call.world;
  state.releases = state.releases.filter(({ id }) => id !== release.id);
  await tell(call, release, "deleted");
  return noContent();
};

const listReleases = (call: RepositoryCall) => {
  const { items, headers } = page(call, releasesOf(call));
  return ok(
    items.map((release) => releaseView(call.world, release)),
    headers,
  );
};

const published = (call: RepositoryCall): readonly Release[] =>
  releasesOf(call).filter(({ draft }) => !draft);

const R = "/repos/{owner}/{repo}/releases";

export const releaseOperations: readonly Operation[] = [
  onRepository(`GET ${R}`, "contents:read", listReleases),
  onRepository(`POST ${R}`, "contents:write", createRelease),
  onRepository(`GET ${R}/latest`, "contents:read", (call) =>
    ok(releaseView(call.world, found(published(call).find(({ prerelease }) => !prerelease)))),
  ),
  onRepository(`GET ${R}/tags/{tag}`, "contents:read", (call) =>
    ok(releaseView(call.world, found(published(call).find(({ tag }) => tag === param(call, "tag"))))),
  ),
  onRepository(`GET ${R}/{release_id}`, "contents:read", (call) =>
    ok(releaseView(call.world, releaseAt(call))),
  ),
  onRepository(`PATCH ${R}/{release_id}`, "contents:write", updateRelease),
  onRepository(`DELETE ${R}/{release_id}`, "contents:write", deleteRelease),
];
