import { Octokit } from "@octokit/rest";
import type { GitHub } from "../../src/local/github/github.ts";

/** A packaging repository with an owner of its own, so that every story can be told apart from the others. */
export interface Village {
  readonly owner: string;
  readonly ownerId: number;
  readonly repo: string;
  readonly id: number;
  readonly octokit: Octokit;
  /** Commits on a branch, as the owner; what is `null` is removed. */
  commit(branch: string, files: Readonly<Record<string, string | null>>): Promise<string>;
  /** Makes a branch what it was before. */
  forcePush(branch: string, sha: string): Promise<void>;
  /** Opens a pull request of a branch of the same repository. */
  open(branch: string): Promise<number>;
  merge(number: number): Promise<string>;
  close(number: number): Promise<void>;
}

export const SPEC =
  "Name: greet\nVersion: 1.0.0\nRelease: 1\nSummary: Greets\nLicense: MIT\n%description\nGreets.\n";

/** Nothing to build yet. */
const README = { "README.md": "# Packages\n" };

export interface Founding {
  readonly owner: string;
  readonly ownerId?: number;
  /** The first commit of the default branch. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function foundVillage(
  { admin, apiUrl }: GitHub,
  { owner, ownerId: wanted, files = README }: Founding,
): Promise<Village> {
  const repo = "packages";
  const { token, id: ownerId } = admin.createUser({ login: owner, ...(wanted && { id: wanted }) });
  const { id } = await admin.createRepository({ owner, name: repo, files });
  admin.protectBranch(owner, repo, "main");
  await admin.install(owner, [repo]);
  const octokit = new Octokit({ auth: token, baseUrl: apiUrl });
  const at = { owner, repo };
  return {
    owner,
    ownerId,
    repo,
    id,
    octokit,
    commit: (branch, changed) =>
      admin.commit(owner, repo, { by: owner, branch, message: "A change", files: changed }),
    forcePush: async (branch, sha) => {
      await octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: true });
    },
    open: async (head) =>
      (await octokit.rest.pulls.create({ ...at, head, base: "main", title: "A change" })).data.number,
    merge: async (number) => (await octokit.rest.pulls.merge({ ...at, pull_number: number })).data.sha,
    close: async (number) => {
      await octokit.rest.pulls.update({ ...at, pull_number: number, state: "closed" });
    },
  };
}
