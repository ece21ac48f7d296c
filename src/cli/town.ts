import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import type { GitHub } from "../local/github/github.ts";
import { orMissing } from "../platform/github/client.ts";
import { clone, copyInto, type Person } from "./git.ts";

/** Where the story happens: who lives there, what is theirs, and how they ask GitHub. */
export interface Town {
  /** Owns the packaging repository and merges. */
  readonly maintainer: Person & { readonly id: number };
  /** Works from a fork and is trusted by the config. */
  readonly contributor: Person & { readonly id: number };
  readonly owner: string;
  readonly repo: string;
  as(person: Person): Octokit;
}

const FIXTURES = join(import.meta.dirname, "../../test/fixtures");
const REPO = "packages";

/** People, and a packaging repository that Millwright is installed on. `files`: its first commit. */
export async function settle(github: GitHub, files: Readonly<Record<string, string>>): Promise<Town> {
  const { admin } = github;
  const maintainer = admin.createUser({ login: "maria" });
  const contributor = admin.createUser({ login: "carol" });
  const config = `# Who is built without being asked about: numeric GitHub ids.\ntrusted: [${contributor.id}]\n`;
  const first = { "README.md": "# Packages\n", ".millwright.yml": config, ...files };
  await admin.createRepository({ owner: maintainer.login, name: REPO, files: first });
  admin.protectBranch(maintainer.login, REPO, "main");
  await admin.install(maintainer.login, [REPO]);
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const as = ({ token }: Person) => new Octokit({ auth: token, baseUrl: github.apiUrl, log: quiet });
  return { maintainer, contributor, owner: maintainer.login, repo: REPO, as };
}

/** The upstream project: a repository with the tags v1.0.0 and v1.1.0. */
export async function foundUpstream(github: GitHub): Promise<void> {
  const person = github.admin.createUser({ login: "upstream" });
  await github.admin.createRepository({ owner: "upstream", name: "greet" });
  const work = await clone(`${github.url}/upstream/greet.git`, person);
  await work.git("checkout", "--quiet", "-B", "main");
  await copyInto(join(FIXTURES, "upstream/greet"), work);
  await work.commit("greet 1.0.0");
  await work.git("tag", "v1.0.0");
  await work.git("apply", join(FIXTURES, "upstream/greet-1.1.0.patch"));
  await work.commit("greet 1.1.0");
  await work.git("tag", "v1.1.0");
  await work.git("push", "--quiet", "origin", "main", "--tags");
  await work.remove();
}

export const greetSpec = (): Promise<string> => readFile(join(FIXTURES, "packaging/greet.spec"), "utf8");

export interface Proposal {
  readonly branch: string;
  readonly title: string;
  /** Path -> text; `null` removes. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** A directory whose files are laid over. */
  readonly directory?: string;
}

/** The contributor pushes a branch to the fork and opens a pull request. */
export async function propose(github: GitHub, town: Town, proposal: Proposal) {
  const { contributor, owner, repo } = town;
  const { branch, title, files = {}, directory } = proposal;
  const { rest } = town.as(contributor);
  const isForked = await orMissing(rest.repos.get({ owner: contributor.login, repo }));
  if (!isForked) await github.admin.fork(owner, repo, contributor.login);
  const work = await clone(`${github.url}/${contributor.login}/${repo}.git`, contributor);
  await work.git("fetch", "--quiet", `${github.url}/${owner}/${repo}.git`, "main");
  await work.git("checkout", "--quiet", "-b", branch, "FETCH_HEAD");
  if (directory) await copyInto(directory, work);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) await rm(join(work.dir, path));
    else await writeFile(join(work.dir, path), text);
  }
  const sha = await work.commit(title);
  await work.git("push", "--quiet", "--force", "origin", branch);
  await work.remove();
  const head = `${contributor.login}:${branch}`;
  const body = "Please build this.";
  const { data } = await rest.pulls.create({ owner, repo, title, head, base: "main", body });
  return { number: data.number, sha, url: `${github.url}/${owner}/${repo}/pull/${data.number}` };
}

/** The maintainer merges; the merge commit is what `main` has from then on. */
export async function merge(town: Town, number: number): Promise<string> {
  const { data } = await town
    .as(town.maintainer)
    .rest.pulls.merge({ owner: town.owner, repo: town.repo, pull_number: number });
  return data.sha;
}
