import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import type { GitHub } from "../local/github/github.ts";
import { clone, copyInto, type Person } from "./git.ts";

type Resident = Person & { readonly id: number };

/** Where the story happens: who lives there, what is theirs, and how they ask GitHub. */
export interface Town {
  /** Owns the packaging repository and merges. */
  readonly maintainer: Resident;
  /** Works from a fork and is trusted by the config. */
  readonly contributor: Resident;
  /** Works from a fork, and nobody knows them. */
  readonly stranger: Resident;
  readonly owner: string;
  readonly repo: string;
  as(person: Person): Octokit;
}

const FIXTURES = join(import.meta.dirname, "../../test/fixtures");
const REPO = "packages";

/** The config of the story's repository. `more`: rules besides who is trusted. */
export const rulesOf = (town: Pick<Town, "contributor">, more = ""): string =>
  `# Who is built without being asked about: numeric GitHub ids.\ntrusted: [${town.contributor.id}]\nnotifications: { mail: [packages@lists.example.org] }\n${more}`;

/** People, and a packaging repository that Millwright is installed on. `files`: its first commit. */
export async function settle(
  github: GitHub,
  files: Readonly<Record<string, string>>,
  rules = "",
): Promise<Town> {
  const { admin } = github;
  const maintainer = admin.createUser({ login: "maria" });
  const contributor = admin.createUser({ login: "carol" });
  const stranger = admin.createUser({ login: "sam" });
  const config = rulesOf({ contributor }, rules);
  const first = { "README.md": "# Packages\n", ".millwright.yml": config, ...files };
  await admin.createRepository({ owner: maintainer.login, name: REPO, files: first });
  admin.protectBranch(maintainer.login, REPO, "main");
  await admin.install(maintainer.login, [REPO]);
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const as = ({ token }: Person) => new Octokit({ auth: token, baseUrl: github.apiUrl, log: quiet });
  return { maintainer, contributor, stranger, owner: maintainer.login, repo: REPO, as };
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

/** A file of the story's packaging repository. */
export const packaging = (path: string): Promise<string> =>
  readFile(join(FIXTURES, "packaging", path), "utf8");

/** The maintainer merges; the merge commit is what `main` has from then on. */
export async function merge(town: Town, number: number): Promise<string> {
  const { data } = await town
    .as(town.maintainer)
    .rest.pulls.merge({ owner: town.owner, repo: town.repo, pull_number: number });
  return data.sha;
}
