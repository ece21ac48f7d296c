import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitHub } from "../local/github/github.ts";
import { orMissing } from "../platform/github/client.ts";
import { clone, type Clone, copyInto, type Person } from "./git.ts";
import type { Town } from "./town.ts";

/** What somebody changes on a branch of their fork. */
export interface Change {
  readonly branch: string;
  readonly title: string;
  /** Path -> text; `null` removes. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** A directory whose files are laid over. */
  readonly directory?: string;
  /** Absent: the contributor. */
  readonly by?: Person;
}

/** A pull request with its newest commit. */
export interface Proposed {
  readonly number: number;
  readonly sha: string;
  readonly url: string;
}

/** Somebody pushes a branch to their fork and opens a pull request. */
export async function propose(github: GitHub, town: Town, change: Change): Promise<Proposed> {
  const { owner, repo, contributor } = town;
  const { branch, title, by = contributor } = change;
  const { rest } = town.as(by);
  const isForked = await orMissing(rest.repos.get({ owner: by.login, repo }));
  if (!isForked) await github.admin.fork(owner, repo, by.login);
  const sha = await onBranch({ github, town, by }, async (work) => {
    await work.git("fetch", "--quiet", `${github.url}/${owner}/${repo}.git`, "main");
    await work.git("checkout", "--quiet", "-b", branch, "FETCH_HEAD");
    return commitAndPush(work, change);
  });
  const head = `${by.login}:${branch}`;
  const body = "Please build this.";
  const { data } = await rest.pulls.create({ owner, repo, title, head, base: "main", body });
  return { number: data.number, sha, url: `${github.url}/${owner}/${repo}/pull/${data.number}` };
}

/** One more commit on the branch of a pull request. */
export async function pushMore(
  { github, town }: { readonly github: GitHub; readonly town: Town },
  proposed: Proposed,
  change: Change,
): Promise<Proposed> {
  const sha = await onBranch({ github, town, by: change.by ?? town.contributor }, async (work) => {
    await work.git("checkout", "--quiet", change.branch);
    return commitAndPush(work, change);
  });
  return { ...proposed, sha };
}

interface On {
  readonly github: GitHub;
  readonly town: Town;
  readonly by: Person;
}

/** Works in a clone of somebody's fork. */
async function onBranch({ github, town, by }: On, change: (work: Clone) => Promise<string>): Promise<string> {
  const work = await clone(`${github.url}/${by.login}/${town.repo}.git`, by);
  try {
    return await change(work);
  } finally {
    await work.remove();
  }
}

async function commitAndPush(work: Clone, { branch, title, files = {}, directory }: Change): Promise<string> {
  if (directory) await copyInto(directory, work);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) await rm(join(work.dir, path));
    else await writeFile(join(work.dir, path), text);
  }
  const sha = await work.commit(title);
  await work.git("push", "--quiet", "--force", "origin", branch);
  return sha;
}
