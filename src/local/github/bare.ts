import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { git } from "./git.ts";
import { parseCommit, type Commit } from "./commit-object.ts";
import { objectReader, type ObjectReader } from "./object-reader.ts";
import { treeReader, type TreeReader } from "./trees.ts";

/** A bare repository, read. */
export interface Bare extends TreeReader {
  readonly dir: string;
  readonly objects: ObjectReader;
  /** All refs with the objects they name. */
  refs(): Promise<Map<string, string>>;
  /** The object a full ref name (`refs/heads/main`) names. */
  ref(name: string): Promise<string | undefined>;
  /** The commit that a branch, tag, ref or SHA names, as GitHub reads it: branches before tags. */
  commit(name: string): Promise<string | undefined>;
  info(sha: string): Promise<Commit>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** How many commits `head` has that `base` has not, and the other way round. */
  distance(base: string, head: string): Promise<{ readonly ahead: number; readonly behind: number }>;
  /** SHAs of the newest `limit` commits of a range (`a..b` or one revision), oldest first. */
  log(range: string, limit: number): Promise<readonly string[]>;
}

const settings = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	hideRefs = refs/pull
[gc]
	auto = 0
`;

/** Makes an empty bare repository whose default branch is `branch`. */
export const initBare = async (dir: string, branch: string): Promise<void> => {
  await mkdir(dir, { recursive: true });
  await git(dir, ["init", "-q", "--bare", "--template=", "-b", branch]);
  await appendFile(join(dir, "config"), settings);
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
  return {
    dir,
    objects,
    info,
    commit,
    ...treeReader(dir, objects),
    refs: async () => parseRefs((await git(dir, ["for-each-ref", "--format=%(objectname) %(refname)"])).text),
    ref: async (name) => (name.startsWith("refs/") ? (await objects.info(name))?.sha : undefined),
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
