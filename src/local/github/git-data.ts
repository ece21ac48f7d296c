import { z } from "zod";
import { writeBlob, writeCommit, writeTree } from "./bare-write.ts";
import { gitCommitView, signatureOf } from "./commit-view.ts";
import { parseSignature } from "./commit-object.ts";
import { objectNodeId } from "./node-ids.ts";
import {
  actor,
  created,
  ok,
  onRepository,
  param,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { found, refuse } from "./refusal.ts";
import { repositoryUrls } from "./repository-view.ts";

const NewBlob = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });

const createBlob = async (call: RepositoryCall) => {
  const { content, encoding } = readBody(call, NewBlob, "Blob");
  const sha = await writeBlob(call.bare, Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
  return created({ sha, url: `${repositoryUrls(call.world, call.repository).api}/git/blobs/${sha}` });
};

const getBlob = async (call: RepositoryCall) => {
  const object = await call.bare.objects.contents(param(call, "file_sha"));
  if (object?.type !== "blob") throw refuse(404, "Not Found");
  return ok({
    sha: object.sha,
    node_id: objectNodeId("Blob", call.repository.id, object.sha),
    size: object.size,
    url: `${repositoryUrls(call.world, call.repository).api}/git/blobs/${object.sha}`,
    content: object.bytes.toString("base64"),
    encoding: "base64",
  });
};

/** Entries that GitHub lists at most in a recursive tree. */
const mostEntries = 100_000;

const treeAnswer = async (call: RepositoryCall, treeish: string, recursive: boolean) => {
  const { bare, world, repository } = call;
  const { api } = repositoryUrls(world, repository);
  const root = found(await bare.objects.info(`${treeish}^{tree}`)).sha;
  const entries = await bare.tree(root, recursive);
  return {
    sha: root,
    url: `${api}/git/trees/${root}`,
    truncated: entries.length > mostEntries,
    tree: entries.slice(0, mostEntries).map(({ path, mode, type, sha, size }) => ({
      path,
      mode,
      type,
      sha,
      ...(size === undefined ? {} : { size }),
      url: `${api}/git/${type}s/${sha}`,
    })),
  };
};

const getTree = async (call: RepositoryCall) => {
  const name = param(call, "tree_sha");
  const treeish = (await call.bare.commit(name)) ?? name;
  return ok(await treeAnswer(call, treeish, call.url.searchParams.has("recursive")));
};

const NewTree = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string().default("100644"),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});

const createTree = async (call: RepositoryCall) => {
  const input = readBody(call, NewTree, "Tree");
  const changes = [];
  for (const { path, mode, sha, content } of input.tree)
    changes.push({
      path,
      mode,
      sha: content === undefined ? (sha ?? null) : await writeBlob(call.bare, Buffer.from(content)),
    });
  return created(await treeAnswer(call, await writeTree(call.bare, input.base_tree, changes), false));
};

const Person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const NewCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.optional(),
});

const createCommit = async (call: RepositoryCall) => {
  const { world, repository, bare } = call;
  const input = readBody(call, NewCommit, "Commit");
  if ((await bare.objects.info(input.tree))?.type !== "tree") throw refuse(422, "Tree SHA does not exist");
  for (const parent of input.parents)
    if ((await bare.objects.info(parent))?.type !== "commit") throw refuse(422, "Parent SHA does not exist");
  const own = signatureOf(world, actor(call));
  const author = { ...own, ...input.author, date: input.author?.date ?? own.date };
  const committer = input.committer && { ...input.committer, date: input.committer.date ?? own.date };
  const sha = await writeCommit(bare, { ...input, author, committer: committer ?? author });
  return created(gitCommitView(world, repository, await bare.info(sha)));
};

const getCommit = async (call: RepositoryCall) => {
  const sha = found(await call.bare.commit(param(call, "commit_sha")));
  return ok(gitCommitView(call.world, call.repository, await call.bare.info(sha)));
};

/** An annotated tag. */
const getTag = async (call: RepositoryCall) => {
  const object = await call.bare.objects.contents(param(call, "tag_sha"));
  if (object?.type !== "tag") throw refuse(404, "Not Found");
  const [head = "", ...message] = object.bytes.toString().split("\n\n");
  const value = (word: string): string => new RegExp(`^${word} (.*)$`, "m").exec(head)?.[1] ?? "";
  const { api } = repositoryUrls(call.world, call.repository);
  return ok({
    node_id: `TA_${object.sha}`,
    tag: value("tag"),
    sha: object.sha,
    url: `${api}/git/tags/${object.sha}`,
    message: message.join("\n\n"),
    tagger: parseSignature(value("tagger")),
    object: {
      type: value("type"),
      sha: value("object"),
      url: `${api}/git/${value("type")}s/${value("object")}`,
    },
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  });
};

const R = "/repos/{owner}/{repo}/git";

export const gitDataOperations: readonly Operation[] = [
  onRepository(`POST ${R}/blobs`, "contents:write", createBlob),
  onRepository(`GET ${R}/blobs/{file_sha}`, "contents:read", getBlob),
  onRepository(`POST ${R}/trees`, "contents:write", createTree),
  onRepository(`GET ${R}/trees/{tree_sha}`, "contents:read", getTree),
  onRepository(`POST ${R}/commits`, "contents:write", createCommit),
  onRepository(`GET ${R}/commits/{commit_sha}`, "contents:read", getCommit),
  onRepository(`GET ${R}/tags/{tag_sha}`, "contents:read", getTag),
];
