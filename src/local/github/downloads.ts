import { authenticate } from "./auth.ts";
import { readAsset } from "./assets.ts";
import { admit } from "./permissions.ts";
import { found, isRefusal } from "./refusal.ts";
import type { Repository } from "./state.ts";
import { repositoryByName, type World } from "./world.ts";

interface DownloadRequest {
  readonly owner: string;
  readonly name: string;
  /** What follows the place in the address. */
  readonly wanted: string;
  readonly authorization: string | null;
}

type Serve = (world: World, repository: Repository, wanted: string) => Promise<Response>;

/** A download for everybody who may read the repository. */
export const forReaders =
  (serve: Serve) =>
  async (world: World, { owner, name, wanted, authorization }: DownloadRequest): Promise<Response> => {
    try {
      const repository = found(repositoryByName(world, owner, name));
      admit(await authenticate(world, authorization), { repository, need: "contents:read" });
      return await serve(world, repository, wanted);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      return new Response(`${thrown.message}\n`, { status: thrown.refusal.status });
    }
  };

/** A file of a published release (`/releases/download/<tag>/<file>`). */
export const serveAsset = forReaders(async (world, repository, wanted) => {
  const slash = wanted.lastIndexOf("/");
  const [tag, file] = [wanted.slice(0, slash), wanted.slice(slash + 1)];
  const release = found(
    world.state.releases.find((one) => one.repository === repository.id && one.tag === tag && !one.draft),
  );
  const asset = found(world.state.assets.find((one) => one.release === release.id && one.name === file));
  return new Response(new Uint8Array(await readAsset(world.dir, asset.id)), {
    // Whoever uploads a file says what it is: it is kept, and never shown as a page of ours.
    headers: {
      "content-type": asset.contentType,
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
    },
  });
});

/** A file as it is (`/raw/<ref>/<path>`); the ref may hold slashes, the shortest one that exists counts. */
export const serveRaw = forReaders(async (world, repository, wanted) => {
  const bare = world.bare(repository);
  const words = wanted.split("/");
  for (let length = 1; length < words.length; length += 1) {
    const sha = await bare.commit(words.slice(0, length).join("/"));
    const object = sha && (await bare.objects.contents(`${sha}:${words.slice(length).join("/")}`));
    if (object && object.type === "blob")
      return new Response(new Uint8Array(object.bytes), {
        headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
      });
  }
  return new Response("Not Found\n", { status: 404 });
});
