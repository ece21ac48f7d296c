import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { download } from "../download.ts";
import type { Desk } from "../judge.ts";
import { localRepository } from "./local-repository.ts";
import { isRef, isSum, refPath } from "../../pipelines/ostree/names.ts";
import type { OfferedTree } from "./prepare-tree.ts";

/** Fetches the trees that the record names, each in a repository of its own. What is in it is foreign: objects count only as
 *  far as their bytes are what their names say. */
export async function fetchTrees({ manifest, dir, tools }: Desk): Promise<readonly OfferedTree[]> {
  const trees: OfferedTree[] = [];
  for (const [n, { ref, url, size, sha256 }] of (manifest.trees ?? []).entries()) {
    if (!isRef(ref)) throw new Error(`${ref} is no name of a ref.`);
    const place = join(dir, `tree-${n}`);
    const file = `${place}.tar.zst`;
    const came = await download(url, { file, limit: size });
    if (came.size !== size || came.sha256 !== sha256)
      throw new Error(`The tree of ${ref} is not what was built.`);
    await mkdir(place);
    await pipeline(createReadStream(file), createZstdDecompress(), createWriteStream(`${place}.tar`));
    await rm(file);
    await tools("tar", [
      "--extract",
      "--preserve-permissions",
      "--no-same-owner",
      `--file=${place}.tar`,
      `--directory=${place}`,
    ]);
    await rm(`${place}.tar`);
    const repo = join(place, "repo");
    const commit = (await readFile(join(repo, refPath(ref)), "utf8")).trimEnd();
    if (!isSum(commit)) throw new Error(`The build's ${ref} does not name a commit.`);
    trees.push({ repository: await localRepository(repo), ref, commit, version: manifest.release?.number });
  }
  return trees;
}
