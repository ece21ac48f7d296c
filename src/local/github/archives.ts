import type { Bare } from "./bare.ts";
import { forReaders } from "./downloads.ts";
import { git } from "./git.ts";
import { found } from "./refusal.ts";

/**
 * Source archives under the addresses that specs name; the same commit gives the same bytes. What follows
 * `/archive/`: `refs/tags/v1.0.tar.gz`, `v1.0.tar.gz`, `v1.0/hello-1.0.tar.gz`, also `.zip`.
 */
export const serveArchive = forReaders(async (world, repository, wanted) => {
  const [, path = "", format = ""] = found(/^(.+)\.(tar\.gz|zip)$/.exec(wanted));
  const bare = world.bare(repository);
  const { ref, sha } = found(await firstCommit(bare, candidates(path)));
  const root = `${repository.name}-${ref.replace(/^v(?=\d)/, "").replaceAll("/", "-")}`;
  const { bytes } = await git(bare.dir, ["archive", `--format=${format}`, `--prefix=${root}/`, sha]);
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": format === "zip" ? "application/zip" : "application/x-gzip",
      "content-disposition": `attachment; filename=${root}.${format}`,
      "cache-control": "max-age=0, private, must-revalidate",
    },
  });
});

/** The ref as it stands, and the ref before a file name of the reader's choice. */
const candidates = (path: string): readonly string[] => {
  const slash = path.lastIndexOf("/");
  return slash > 0 ? [path, path.slice(0, slash)] : [path];
};

const firstCommit = async (
  bare: Bare,
  names: readonly string[],
): Promise<{ ref: string; sha: string } | undefined> => {
  for (const name of names) {
    const short = name.replace(/^refs\/(heads|tags)\//, "");
    // An archive's plain name is a tag before it is a branch.
    const sha =
      (name === short ? await bare.commit(`refs/tags/${name}`) : undefined) ?? (await bare.commit(name));
    if (sha) return { ref: short, sha };
  }
  return undefined;
};
