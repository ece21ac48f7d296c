import { git } from "./git.ts";
import type { ObjectReader } from "./object-reader.ts";
import { parseTree, type RawEntry } from "./tree-object.ts";

/** One entry of a tree; `path` from the tree that was listed. */
export interface TreeEntry extends RawEntry {
  /** Bytes; blobs only. */
  readonly size: number | undefined;
}

export interface TreeReader {
  /** Entries of a tree (`<sha>`, `<commit>:<path>`), those of its subtrees too if `recursive`. */
  tree(treeish: string, recursive: boolean): Promise<readonly TreeEntry[]>;
  entry(commit: string, path: string): Promise<TreeEntry | undefined>;
}

/** Reads single trees without a process of their own. */
export const treeReader = (dir: string, objects: ObjectReader): TreeReader => {
  const list = async (treeish: string): Promise<readonly RawEntry[]> => {
    const object = await objects.contents(treeish);
    return object?.type === "tree" ? parseTree(object.bytes) : [];
  };
  const sized = async (entry: RawEntry): Promise<TreeEntry> => ({
    ...entry,
    size: entry.type === "blob" ? (await objects.info(entry.sha))?.size : undefined,
  });
  return {
    tree: async (treeish, recursive) => {
      if (!recursive) return Promise.all((await list(treeish)).map(sized));
      const args = ["ls-tree", "-z", "-l", "-r", "-t", "--end-of-options", treeish];
      return (await git(dir, args)).bytes.toString().split("\0").filter(Boolean).map(parseLine);
    },
    entry: async (commit, path) => {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      const name = path.slice(path.lastIndexOf("/") + 1);
      const entry = (await list(`${commit}:${parent}`)).find((one) => one.path === name);
      return entry && sized(entry);
    },
  };
};

/** Reads a line of `ls-tree -l`: `100644 blob <sha>    12\tpath`. */
const parseLine = (line: string): TreeEntry => {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return {
    mode,
    type: type as TreeEntry["type"],
    sha,
    size: size === "-" ? undefined : Number(size),
    path: line.slice(tab + 1),
  };
};
