import { commitFiles, type FileCommit } from "./bare-write.ts";
import { signatureOf } from "./commit-view.ts";
import { refMoved } from "./ref-moved.ts";
import { found } from "./refusal.ts";
import type { Repository } from "./state.ts";
import { tendQueues } from "./tend-queue.ts";
import { userByLogin, type World } from "./world.ts";

export interface BranchChange {
  /** Login of who commits and pushes. */
  readonly by: string;
  readonly branch: string;
  readonly message: string;
  readonly files: FileCommit["files"];
}

/** What editing files in the browser comes to: one commit, and all that follows from a push. */
export const commitOnBranch = async (
  world: World,
  repository: Repository,
  change: BranchChange,
): Promise<string> => {
  const made = await world.lock(repository.id, async () => {
    const by = found(userByLogin(world, change.by), `there is no user ${change.by}`);
    const bare = world.bare(repository);
    const ref = `refs/heads/${change.branch}`;
    const before = await bare.ref(ref);
    const from = before ?? (await bare.ref(`refs/heads/${repository.defaultBranch}`));
    const { branch, message, files } = change;
    const after = await commitFiles(bare, { branch, message, files, from, author: signatureOf(world, by) });
    await refMoved(world, { repository, ref, before, after, by });
    return after;
  });
  await tendQueues(world);
  return made;
};
