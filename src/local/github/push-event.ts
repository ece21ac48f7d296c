import type { Bare } from "./bare.ts";
import type { Commit } from "./commit-object.ts";
import { touched, type Touched } from "./diff.ts";
import type { Json } from "./fill.ts";
import type { RefMove } from "./ref-moved.ts";
import { repositoryUrls } from "./repository-view.ts";
import { emailOf } from "./users.ts";
import type { World } from "./world.ts";

const nothing = "0".repeat(40);
/** Commits that one event lists at most. */
const most = 2048;

/** What is special to a `push` event. */
export const pushBody = async (world: World, move: RefMove): Promise<Json> => {
  const { repository, ref, before, after, by } = move;
  const bare = world.bare(repository);
  const { html } = repositoryUrls(world, repository);
  const tip = after ? await bare.commit(after) : undefined;
  const listed = tip ? await newCommits(bare, move, tip) : [];
  const files = await touched(bare, tip && !listed.includes(tip) ? [...listed, tip] : listed);
  const show = async (sha: string): Promise<Json> =>
    pushedCommit(await bare.info(sha), `${html}/commit/${sha}`, files.get(sha));
  return {
    ref,
    before: before ?? nothing,
    after: after ?? nothing,
    created: !before,
    deleted: !after,
    forced: Boolean(before && tip && (await wasForced(bare, before, tip))),
    base_ref: null,
    compare: `${html}/compare/${(before ?? nothing).slice(0, 12)}...${(after ?? nothing).slice(0, 12)}`,
    commits: await Promise.all(listed.map(show)),
    head_commit: tip ? await show(tip) : null,
    pusher: { name: by.login, email: emailOf(by) },
  };
};

const newCommits = async (
  bare: Bare,
  { ref, before, repository }: RefMove,
  tip: string,
): Promise<readonly string[]> => {
  if (ref.startsWith("refs/tags/")) return [];
  if (before) return bare.log(`${before}..${tip}`, most);
  const main = await bare.ref(`refs/heads/${repository.defaultBranch}`);
  return main && main !== tip ? bare.log(`${main}..${tip}`, most) : [];
};

const wasForced = async (bare: Bare, before: string, tip: string): Promise<boolean> => {
  const old = await bare.commit(before);
  return old !== undefined && (await bare.mergeBase(old, tip)) !== old;
};

const pushedCommit = (commit: Commit, url: string, files: Touched | undefined): Json => ({
  id: commit.sha,
  tree_id: commit.tree,
  distinct: true,
  message: commit.message,
  timestamp: commit.committer.date,
  url,
  author: commit.author,
  committer: commit.committer,
  added: files?.added ?? [],
  removed: files?.removed ?? [],
  modified: files?.modified ?? [],
});
