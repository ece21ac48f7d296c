import { mergeTree, writeCommit, writeRef } from "./bare-write.ts";
import { git } from "./git.ts";
import type { PullIssue } from "./state.ts";
import { repositoryById, type World } from "./world.ts";

/** Brings `refs/pull/N/head` and `refs/pull/N/merge`, and whether it merges, up to the branches of today. */
export const refreshMerge = async (world: World, issue: PullIssue): Promise<void> => {
  const { pull, number } = issue;
  const repository = repositoryById(world, issue.repository);
  const bare = world.bare(repository);
  await bringHead(world, issue);
  const base = await bare.ref(`refs/heads/${pull.baseRef}`);
  if (!base) return;
  pull.base = base;
  const tree = await mergeTree(bare, base, pull.head);
  pull.mergeable = tree !== undefined;
  pull.mergeSha = tree ? await testMerge(world, issue, tree) : null;
  const merged = `refs/pull/${number}/merge`;
  if (pull.mergeSha ?? (await bare.ref(merged))) await writeRef(bare, merged, pull.mergeSha);
};

const bringHead = async (world: World, { pull, number, repository }: PullIssue): Promise<void> => {
  const bare = world.bare(repositoryById(world, repository));
  const ref = `refs/pull/${number}/head`;
  if (pull.headRepository === null || pull.headRepository === repository)
    return writeRef(bare, ref, pull.head);
  const fork = world.bare(repositoryById(world, pull.headRepository));
  await git(bare.dir, ["fetch", "-q", "--no-tags", fork.dir, `+${pull.head}:${ref}`]);
};

const testMerge = async (world: World, { pull, repository }: PullIssue, tree: string): Promise<string> =>
  writeCommit(world.bare(repositoryById(world, repository)), {
    tree,
    parents: [pull.base, pull.head],
    message: `Merge ${pull.head} into ${pull.base}`,
    author: { name: "GitHub", email: "noreply@github.com", date: world.now() },
  });
