import { mkdir } from "node:fs/promises";
import { fetchBlobs, sizesOf } from "../blobs.ts";
import { refused } from "../failure.ts";
import type { Git } from "../git.ts";
import { visible } from "../progress.ts";
import type { Upstream } from "./upstream.ts";

/** Something in a commit, by its path below the directory that is packed. */
export interface Content {
  readonly mode: string;
  readonly oid: string;
  readonly path: string;
}

const FILES = 300_000;

/** The tree of a directory in a commit. Links are never followed: what is behind one is not there. */
export async function treeOf(git: Git, commit: string, directory: string): Promise<string> {
  const name = directory === "" ? `${commit}^{tree}` : `${commit}:${directory}`;
  const args = ["rev-parse", "--quiet", "--verify", "--end-of-options", name];
  const { code, out } = await git({ args, answers: [0, 1, 128] });
  const tree = out.toString("utf8").trim();
  const isTree =
    code === 0 && (await git({ args: ["cat-file", "-t", tree] })).out.toString("utf8").trim() === "tree";
  if (!isTree) throw refused(`${visible(directory)} is no directory there.`);
  return tree;
}

/** All files, links and submodules below a tree. */
export async function contentsOf(git: Git, tree: string): Promise<readonly Content[]> {
  const { out } = await git({ args: ["ls-tree", "-r", "-z", "--full-tree", tree] });
  const lines = out.toString("utf8").split("\0").slice(0, -1);
  if (lines.length > FILES) throw refused(`There are ${lines.length} files there; ${FILES} may be.`);
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", , oid = ""] = line.slice(0, tab).split(" ");
    const path = line.slice(tab + 1);
    if (path.split("/").some((part) => part === "" || part === "." || part === ".." || /^\.git$/i.test(part)))
      throw refused(`${visible(path)} is no path that can be written.`);
    return { mode, oid, path };
  });
}

export const isSubmodule = ({ mode }: Content): boolean => mode === "160000";

/** Fetches what of these is not here yet, all in one go, and refuses more than `most` bytes. */
export async function fetchContents(
  { git, net }: Upstream,
  { tree, contents, most }: { tree: string; contents: readonly Content[]; most: number },
): Promise<void> {
  const blobs = [...new Set(contents.filter((one) => !isSubmodule(one)).map(({ oid }) => oid))];
  const missing = await missingBelow(git, tree);
  await fetchBlobs(
    git,
    blobs.filter((blob) => missing.has(blob)),
    net.pause,
  );
  const { total: bytes } = await sizesOf(git, blobs);
  if (!(bytes <= most)) throw refused(`The files there are ${bytes} bytes; ${most} may be.`);
}

async function missingBelow(git: Git, tree: string): Promise<ReadonlySet<string>> {
  const { out } = await git({
    args: ["rev-list", "--objects", "--no-object-names", "--missing=print", tree],
  });
  const lines = out.toString("utf8").split("\n");
  return new Set(lines.filter((line) => line.startsWith("?")).map((line) => line.slice(1)));
}

/** Writes files and links into a new directory. git itself writes nothing through a link. */
export async function writeContents(git: Git, contents: readonly Content[], into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const files = contents.filter((one) => !isSubmodule(one));
  const input = files.map(({ mode, oid, path }) => `${mode} ${oid}\t${path}\0`).join("");
  await git({ args: ["read-tree", "--empty"] });
  await git({ args: ["update-index", "-z", "--index-info"], input });
  await git({ args: [`--work-tree=${into}`, "checkout-index", "--all", "--quiet"] });
}
