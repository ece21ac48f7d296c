import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bare } from "./bare.ts";
import type { Signature } from "./commit-object.ts";
import { git } from "./git.ts";

/** GitHub as a committer of merges and of what people edit in the browser. */
const webFlow = { name: "GitHub", email: "noreply@github.com" };

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer?: Signature | undefined;
}

export const writeBlob = async (bare: Bare, bytes: Uint8Array): Promise<string> =>
  (await git(bare.dir, ["hash-object", "-w", "--stdin"], { input: bytes })).text;

interface TreeChange {
  readonly path: string;
  readonly mode: string;
  /** `null` removes the path. */
  readonly sha: string | null;
}

/** Writes a tree: `base` (if any) with the changes laid over it. */
export const writeTree = async (
  bare: Bare,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> => {
  const index = join(bare.dir, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const lines = changes.map(({ path, mode, sha }) => `${sha ? mode : 0} ${sha ?? "0".repeat(40)}\t${path}\0`);
  try {
    if (base) await git(bare.dir, ["read-tree", base], { env });
    await git(bare.dir, ["update-index", "-z", "--add", "--index-info"], { env, input: lines.join("") });
    return (await git(bare.dir, ["write-tree"], { env })).text;
  } finally {
    await rm(index, { force: true });
  }
};

export const writeCommit = async (bare: Bare, commit: NewCommit): Promise<string> => {
  const committer = commit.committer ?? { ...webFlow, date: commit.author.date };
  const env = {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_AUTHOR_DATE: commit.author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  };
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return (await git(bare.dir, ["commit-tree", commit.tree, ...parents], { input: commit.message, env })).text;
};

/** Points a ref at an object, or deletes it (`null`). */
export const writeRef = async (bare: Bare, name: string, sha: string | null): Promise<void> => {
  await git(bare.dir, sha ? ["update-ref", name, sha] : ["update-ref", "-d", name]);
};

/** The tree of a three-way merge without a work tree; undefined where it conflicts. */
export const mergeTree = async (bare: Bare, base: string, head: string): Promise<string | undefined> => {
  const answer = await git(bare.dir, ["merge-tree", "--write-tree", base, head], { answers: [0, 1] });
  return answer.code === 0 ? answer.text.split("\n")[0] : undefined;
};

export interface FileCommit {
  readonly branch: string;
  /** The commit before; absent for the first one of a branch. */
  readonly from?: string | undefined;
  readonly message: string;
  readonly author: Signature;
  /** Path to content; `null` removes it. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  /** Paths of `files` that are programs. */
  readonly executables?: ReadonlySet<string> | undefined;
}

/** Commits files on a branch in one process (`git fast-import`) and answers the commit. */
export const commitFiles = async (bare: Bare, commit: FileCommit): Promise<string> => {
  const ref = `refs/heads/${commit.branch}`;
  await git(bare.dir, ["fast-import", "--quiet"], { input: importStream(ref, commit) });
  const sha = await bare.ref(ref);
  if (!sha) throw new Error(`git fast-import left no ${ref}`);
  return sha;
};

const importStream = (ref: string, commit: FileCommit): Buffer => {
  const seconds = Math.floor(Date.parse(commit.author.date) / 1000);
  const who = `${commit.author.name} <${commit.author.email}> ${seconds} +0000`;
  const parts = [`commit ${ref}\nauthor ${who}\ncommitter ${who}\n`, data(commit.message)];
  if (commit.from) parts.push(`from ${commit.from}\n`);
  for (const [path, content] of Object.entries(commit.files)) {
    const quoted = `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
    if (content === null) parts.push(`D ${quoted}\n`);
    else
      parts.push(
        `M ${commit.executables?.has(path) ? "100755" : "100644"} inline ${quoted}\n`,
        data(content),
      );
  }
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
};

const data = (content: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);
};
