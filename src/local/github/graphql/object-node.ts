import { isUtf8 } from "node:buffer";
import { objectNodeId } from "../node-ids.ts";
import type { ObjectReader } from "../object-reader.ts";
import { repositoryUrls } from "../repository-view.ts";
import type { Repository } from "../state.ts";
import type { Asking, Node } from "./asking.ts";
import { suitesOfCommit } from "./check-nodes.ts";
import type { Page } from "./connection.ts";

/** Bytes of a blob's text; the rest is cut off. */
const longestText = 512_000;

type Found = NonNullable<Awaited<ReturnType<ObjectReader["contents"]>>>;

const kinds = { commit: "Commit", tree: "Tree", blob: "Blob" } as const;

/** What a revision (`main`, `<sha>`, `<sha>:<path>`) names; null for nothing. */
export const objectNode = async (
  asking: Asking,
  repository: Repository,
  revision: string,
): Promise<Node | null> => {
  const bare = asking.world.bare(repository);
  const [name = "", ...path] = revision.split(":");
  const sha = await bare.commit(name === "" ? "HEAD" : name);
  const wanted = path.length > 0 ? `${sha}:${path.join(":")}` : (sha ?? name);
  if (path.length > 0 && !sha) return null;
  const object = await bare.objects.contents(wanted);
  if (!object || object.type === "tag") return null;
  if (object.type === "commit") return commitNode(asking, repository, object.sha);
  const facts = object.type === "blob" ? blobFacts(object) : treeFacts(asking, repository, object);
  return { ...common(asking, repository, { sha: object.sha, type: object.type }), ...facts };
};

const common = (
  { world, nodes }: Asking,
  repository: Repository,
  { sha, type }: { sha: string; type: keyof typeof kinds },
): Node => ({
  __typename: kinds[type],
  id: objectNodeId(kinds[type], repository.id, sha),
  oid: sha,
  abbreviatedOid: sha.slice(0, 7),
  commitUrl: `${repositoryUrls(world, repository).html}/commit/${sha}`,
  repository: () => nodes.repository(repository),
});

const blobFacts = ({ bytes, size }: Found): Node => {
  const binary = bytes.includes(0) || !isUtf8(bytes);
  return {
    byteSize: size,
    isBinary: binary,
    isTruncated: size > longestText,
    text: binary ? null : bytes.subarray(0, longestText).toString(),
  };
};

const treeFacts = ({ world, nodes }: Asking, repository: Repository, { sha }: Found): Node => ({
  entries: async () =>
    (await world.bare(repository).tree(sha, false)).map((entry) => ({
      name: entry.path,
      oid: entry.sha,
      type: entry.type,
      mode: Number.parseInt(entry.mode, 8),
      size: entry.size ?? 0,
      object: () => (entry.type === "commit" ? null : nodes.object(repository, entry.sha)),
    })),
});

export const commitNode = async (asking: Asking, repository: Repository, sha: string): Promise<Node> => {
  const commit = await asking.world.bare(repository).info(sha);
  return {
    ...common(asking, repository, { sha, type: "commit" }),
    url: `${repositoryUrls(asking.world, repository).html}/commit/${sha}`,
    message: commit.message,
    messageHeadline: commit.message.split("\n")[0] ?? "",
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    tree: () => asking.nodes.object(repository, commit.tree),
    checkSuites: (asked: Page & { filterBy?: { appId?: number; checkName?: string } | null }) =>
      suitesOfCommit(asking, { repository, sha }, asked),
  };
};
