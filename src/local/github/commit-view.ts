import type { Commit, Signature } from "./commit-object.ts";
import type { Change } from "./diff.ts";
import type { Json } from "./fill.ts";
import { objectNodeId } from "./node-ids.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { Repository, User } from "./state.ts";
import { emailOf, noReply, userView } from "./users.ts";
import type { World } from "./world.ts";

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** The number before the plus counts: people may be called something else since. */
const isOf = (user: User, email: string): boolean =>
  email === emailOf(user) || (email.startsWith(`${user.id}+`) && email.endsWith(noReply));

/** The account behind a commit, known by the address GitHub gives to it. */
const accountOf = (world: World, { email }: Signature): Json | null => {
  const user = world.state.users.find((candidate) => isOf(candidate, email));
  return user ? userView(world, user) : null;
};

/** A commit as lists, comparisons and `GET commits` show it. */
export const commitView = (world: World, repository: Repository, commit: Commit): Json => {
  const { api, html } = repositoryUrls(world, repository);
  return {
    sha: commit.sha,
    node_id: objectNodeId("Commit", repository.id, commit.sha),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    author: accountOf(world, commit.author),
    committer: accountOf(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
};

/** A commit as git's own data (`/git/commits`). */
export const gitCommitView = (world: World, repository: Repository, commit: Commit): Json => {
  const { api, html } = repositoryUrls(world, repository);
  return {
    sha: commit.sha,
    node_id: objectNodeId("Commit", repository.id, commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: unsigned,
  };
};

interface ChangeAt {
  readonly change: Change;
  /** The commit whose version of the file is linked to. */
  readonly sha: string;
  readonly patch?: string | undefined;
}

/** A changed file (`diff-entry`). */
export const changeView = (world: World, repository: Repository, { change, sha, patch }: ChangeAt): Json => {
  const { api, html } = repositoryUrls(world, repository);
  const path = change.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: change.sha,
    filename: change.filename,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${sha}`,
    ...(patch === undefined ? {} : { patch }),
    ...(change.previous === undefined ? {} : { previous_filename: change.previous }),
  };
};

/** How a person or app signs what they commit through the API. */
export const signatureOf = (world: World, user: User): Signature => ({
  name: user.login,
  email: emailOf(user),
  date: world.now(),
});
