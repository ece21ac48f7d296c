import type { Bare } from "./bare.ts";
import { git } from "./git.ts";

/** One changed file in GitHub's words. */
export interface Change {
  readonly filename: string;
  readonly status: "added" | "modified" | "removed" | "renamed" | "copied" | "changed";
  readonly additions: number;
  readonly deletions: number;
  readonly previous?: string | undefined;
  /** Blob after the change; null where there is none. */
  readonly sha: string | null;
}

const statuses: Readonly<Record<string, Change["status"]>> = {
  A: "added",
  M: "modified",
  D: "removed",
  R: "renamed",
  C: "copied",
  T: "changed",
};

/** The empty tree, which git knows without storing it. */
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Files that differ between two commits, renames found. */
export const changes = async (bare: Bare, from: string, to: string): Promise<readonly Change[]> => {
  const args = ["diff-tree", "-r", "-M", "-z", "--raw", "--numstat", "--no-abbrev", from, to];
  const words = (await git(bare.dir, args)).bytes.toString().split("\0");
  const [raw, rest] = readRaw(words);
  const counts = readCounts(rest);
  return raw.map((change) => ({
    ...change,
    ...(counts.get(change.filename) ?? { additions: 0, deletions: 0 }),
  }));
};

type RawChange = Omit<Change, "additions" | "deletions">;

const readRaw = (words: readonly string[]): [RawChange[], string[]] => {
  const found: RawChange[] = [];
  let at = 0;
  for (let facts = words[at]; facts?.startsWith(":"); facts = words[at]) {
    const names = words.slice(at + 1, at + 3);
    const change = rawChange(facts, names);
    found.push(change);
    at += change.previous === undefined ? 2 : 3;
  }
  return [found, words.slice(at)];
};

/** Reads `:100644 100644 <sha> <sha> M`; a rename or copy has two names. */
const rawChange = (facts: string, [first = "", second = ""]: readonly string[]): RawChange => {
  const [, , , sha = "", letter = "M"] = facts.split(" ");
  const moved = /^[RC]/.test(letter);
  return {
    filename: moved ? second : first,
    status: statuses[letter.charAt(0)] ?? "modified",
    previous: moved ? first : undefined,
    sha: /^0+$/.test(sha) ? null : sha,
  };
};

const readCounts = (words: readonly string[]) => {
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; at < words.length; at += 1) {
    const [additions, deletions, name] = (words[at] ?? "").split("\t");
    if (deletions === undefined) continue;
    // A rename's names follow as two words of their own.
    const filename = name === "" ? (words[at + 2] ?? "") : (name ?? "");
    if (name === "") at += 2;
    counts.set(filename, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  return counts;
};

/** Unified diff of every changed file, from its first hunk on; keyed by the name after the change. */
export const patches = async (bare: Bare, from: string, to: string): Promise<ReadonlyMap<string, string>> => {
  const list = await changes(bare, from, to);
  const text = (await git(bare.dir, ["diff-tree", "-r", "-M", "-p", from, to])).bytes.toString();
  const parts = text.split(/^diff --git /m).slice(1);
  const found = new Map<string, string>();
  for (const [index, change] of list.entries()) {
    const part = parts[index] ?? "";
    const hunk = part.indexOf("\n@@");
    if (hunk >= 0) found.set(change.filename, part.slice(hunk + 1).trimEnd());
  }
  return found;
};

export interface Touched {
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

/** Files that each commit touched against its only parent; merges touch none. */
export const touched = async (bare: Bare, shas: readonly string[]): Promise<ReadonlyMap<string, Touched>> => {
  const args = ["diff-tree", "--stdin", "-r", "-z", "--root", "--name-status"];
  const words = (await git(bare.dir, args, { input: `${shas.join("\n")}\n` })).bytes.toString().split("\0");
  const found = new Map<string, Touched>();
  let current: Touched | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? "").trim();
    if (/^[0-9a-f]{40}$/.test(word)) {
      current = { added: [], removed: [], modified: [] };
      found.set(word, current);
    } else if (/^[AMDT]$/.test(word)) {
      const list = word === "A" ? current?.added : word === "D" ? current?.removed : current?.modified;
      at += 1;
      list?.push(words[at] ?? "");
    }
  }
  return found;
};
