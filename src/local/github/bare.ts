import { mkdir } from "node:fs/promises";
import { git } from "./git.ts";
import { parseCommit, type Commit } from "./commit-object.ts";
import { objectReader, type ObjectReader } from "./object-reader.ts";

/** One entry of a tree as `ls-tree` lists it. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** Bytes; blobs only. */
  readonly size: number | undefined;
  readonly path: string;
}

/** A bare repository, read. */
export interface Bare {
  readonly dir: string;
  readonly objects: ObjectReader;
  /** All refs with the objects they name. */
  refs(): Promise<Map<string, string>>;
  /** The object a full ref name (`refs/heads/main`) names. */
  ref(name: string): Promise<string | undefined>;
  /** The commit that a branch, tag, ref or SHA names, as GitHub reads it: branches before tags. */
  commit(name: string): Promise<string | undefined>;
  info(sha: string): Promise<Commit>;
  tree(treeish: string, recursive: boolean): Promise<readonly TreeEntry[]>;
  entry(commit: string, path: string): Promise<TreeEntry | undefined>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** How many commits `head` has that `base` has not, and the other way round. */
  distance(base: string, head: string): Promise<{ readonly ahead: number; readonly behind: number }>;
  /** SHAs of the newest `limit` commits of a range (`a..b` or one revision), oldest first. */
  log(range: string, limit: number): Promise<readonly string[]>;
}

const settings = [
  ["http.receivepack", "true"],
  ["uploadpack.allowAnySHA1InWant", "true"],
  ["uploadpack.allowFilter", "true"],
  ["receive.hideRefs", "refs/pull"],
  ["gc.auto", "0"],
] as const;

/** Makes an empty bare repository whose default branch is `branch`. */
export const initBare = async (dir: string, branch: string): Promise<void> => {
  await mkdir(dir, { recursive: true });
  await git(dir, ["init", "-q", "--bare", "-b", branch]);
  for (const [key, value] of settings) await git(dir, ["config", key, value]);
};

export const openBare = (dir: string): Bare => {
  const objects = objectReader(dir);
  const info = async (sha: string): Promise<Commit> => {
    const object = await objects.contents(sha);
    if (object?.type !== "commit") throw new Error(`${sha} is not a commit of ${dir}`);
    return parseCommit(object.sha, object.bytes.toString());
  };
  const commit = async (name: string): Promise<string | undefined> => {
    for (const candidate of candidates(name)) {
      const found = await objects.info(`${candidate}^{commit}`);
      if (found) return found.sha;
    }
    return undefined;
  };
  const tree = async (treeish: string, recursive: boolean): Promise<readonly TreeEntry[]> => {
    const args = ["ls-tree", "-z", "-l", ...(recursive ? ["-r", "-t"] : []), "--end-of-options", treeish];
    return (await git(dir, args)).bytes.toString().split("\0").filter(Boolean).map(parseEntry);
  };
  return {
    dir,
    objects,
    info,
    commit,
    tree,
    refs: async () => parseRefs((await git(dir, ["for-each-ref", "--format=%(objectname) %(refname)"])).text),
    ref: async (name) => (name.startsWith("refs/") ? (await objects.info(name))?.sha : undefined),
    entry: async (sha, path) => {
      const parent = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
      if ((await objects.info(`${sha}:${parent}`))?.type !== "tree") return undefined;
      const name = path.slice(path.lastIndexOf("/") + 1);
      return (await tree(`${sha}:${parent}`, false)).find((entry) => entry.path === name);
    },
    mergeBase: async (a, b) => {
      const answer = await git(dir, ["merge-base", a, b], { answers: [0, 1] });
      return answer.code === 0 ? answer.text : undefined;
    },
    distance: async (base, head) => {
      const answer = await git(dir, ["rev-list", "--left-right", "--count", `${base}...${head}`]);
      const [behind, ahead] = answer.text.split(/\s+/).map(Number);
      return { ahead: ahead ?? 0, behind: behind ?? 0 };
    },
    log: async (range, limit) =>
      (await git(dir, ["rev-list", "--reverse", "-n", String(limit), range])).text
        .split("\n")
        .filter(Boolean),
  };
};

const candidates = (name: string): readonly string[] => {
  if (/^[0-9a-f]{40}$/.test(name) || name === "HEAD" || name.startsWith("refs/")) return [name];
  const named = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  return /^[0-9a-f]{7,39}$/.test(name) ? [...named, name] : named;
};

const parseRefs = (text: string): Map<string, string> =>
  new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );

const parseEntry = (line: string): TreeEntry => {
  const [facts = "", path = ""] = line.split("\t");
  const [mode = "", type = "", sha = "", size = "-"] = facts.split(/ +/);
  return { mode, type: type as TreeEntry["type"], sha, size: size === "-" ? undefined : Number(size), path };
};
