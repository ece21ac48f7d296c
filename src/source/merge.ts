import { conflict, infrastructure, isFailure, refused } from "./failure.ts";
import { type Git, lastWords } from "./git.ts";
import type { Manifest } from "./manifest.ts";
import { visible } from "./progress.ts";
import { type Pause, retry } from "./retry.ts";

export interface Merged {
  /** SHA of the tree that is built. */
  readonly tree: string;
  /** Commit time of the head in seconds: SOURCE_DATE_EPOCH. */
  readonly epoch: number;
}

/** Fetches head and base by SHA with their history, without files; those come when they are needed. */
export async function fetchCommits(git: Git, manifest: Manifest, pause: Pause): Promise<void> {
  const commits = manifest.base ? [manifest.base, manifest.head] : [manifest.head];
  const from = async (...remote: readonly string[]) => {
    const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...remote, ...commits];
    await git({ args }).catch((error: unknown) => {
      throw judged(error);
    });
  };
  await retry("The repository cannot be fetched", pause, async () => {
    try {
      await from("--filter=blob:none", "origin");
    } catch (error) {
      // Only where it fetches all does git forgive what tools of old wrote.
      if (!isMalformed(error)) throw error;
      await from("whole");
    }
  });
}

const isMalformed = (error: unknown): boolean => isFailure(error) && MALFORMED.test(error.message);
const MALFORMED = /fsck|invalid object/i;

/** Tells what the repository did wrong from what the network did. */
function judged(error: unknown): unknown {
  if (!isFailure(error)) return error;
  if (/not our ref|unadvertised object|no such remote ref/i.test(error.message))
    return refused("The commit is not in the repository any more; push again.", error);
  if (isMalformed(error))
    return refused(`The repository holds an object that git finds malformed: ${error.message}`, error);
  return error;
}

/** The tree of head merged into base, made without a work tree. Files that both changed are fetched now. */
export async function mergeCommits(git: Git, manifest: Manifest, pause: Pause): Promise<Merged> {
  const { head, base } = manifest;
  const show = await git({ args: ["log", "-1", "--no-show-signature", "--format=%ct %T", head] });
  const [time, own = ""] = show.out.toString("utf8").trim().split(" ");
  const epoch = Math.min(Math.max(Math.trunc(Number(time)) || 0, 0), 2 ** 32 - 1);
  const merge = (base: string) => retry("The merge is not done", pause, () => mergedTree(git, base, head));
  return { tree: base ? await merge(base) : own, epoch };
}

async function mergedTree(git: Git, base: string, head: string): Promise<string> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head];
  const ran = await git({ args, answers: [0, 1, 128] });
  const [tree = "", ...names] = ran.out.toString("utf8").split("\0");
  if (ran.code === 1) throw conflict(conflictSentence(names.filter((name) => name !== "")));
  if (ran.code === 0) return tree;
  if (/unrelated histories/.test(ran.err))
    throw refused("The branch shares no history with its base; rebase it onto the base.");
  throw infrastructure(`git merge-tree: ${lastWords(ran.err)}`);
}

function conflictSentence(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(visible).join(", ");
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `The branch conflicts with its base in ${shown}${more}; merge or rebase and push again.`;
}
