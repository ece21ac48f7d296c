import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import type { Person } from "../../src/cli/git.ts";
import { openWorld, type World } from "../../src/cli/world.ts";
import { dnfInstall, type Said } from "../../src/local/clients.ts";
import { CACHE } from "../local/distribution/cache.ts";
import { compiled } from "../scenarios/compiled.ts";
import { NATIVE } from "./chapters.ts";

/** The whole stack on this machine, and one packaging repository in which the app is installed. */
export interface Settled {
  readonly dir: string;
  readonly world: World;
  readonly owner: Person;
  /** GitHub's API, as the owner. */
  readonly rest: Octokit["rest"];
  /** Commits files to a branch, and gives the SHA. */
  readonly commit: (branch: string, files: Files, message?: string) => Promise<string>;
  /** What dnf says of an installation into a new root. */
  readonly install: (from: From, packages: readonly string[]) => Promise<Said>;
  readonly close: () => Promise<void>;
}

type Files = Readonly<Record<string, string>>;

/** Where packages come from: a `.repo` or the address of one snapshot; and the key that is trusted. */
export interface From {
  readonly repoUrl?: string;
  readonly baseurl?: string;
  readonly keyUrl: string;
}

interface Plan {
  readonly owner: string;
  readonly repo: string;
  readonly files: Files;
  /** Whether every request to GitHub is held against GitHub's own description. */
  readonly contract?: boolean;
  /** Images may be made on loop devices. */
  readonly disks?: boolean;
  /** What is there before the repository is. */
  readonly first?: (world: World) => Promise<void>;
}

const text = async (url: string): Promise<string> => (await fetch(url)).text();

/** Opens a world of its own for one test file. */
export async function settled({ owner: login, repo, files, contract, disks, first }: Plan): Promise<Settled> {
  const dir = await mkdtemp(join(tmpdir(), `millwright-${repo}-`));
  const world = await openWorld({
    dir: join(dir, "world"),
    cache: CACHE,
    arches: { [NATIVE]: "required" },
    compiled: await compiled(),
    log: () => undefined,
    ...(contract !== undefined && { contract }),
    ...(disks !== undefined && { disks }),
  });
  await world.roots.of(NATIVE);
  const { admin, apiUrl } = world.github;
  await first?.(world);
  const owner = admin.createUser({ login });
  await admin.createRepository({ owner: login, name: repo, files });
  admin.protectBranch(login, repo, "main");
  await admin.install(login, [repo]);
  let roots = 0;
  return {
    dir,
    world,
    owner,
    rest: new Octokit({ auth: owner.token, baseUrl: apiUrl }).rest,
    commit: (branch, changed, message = "Change") =>
      admin.commit(login, repo, { by: login, branch, message, files: changed }),
    async install({ repoUrl, baseurl, keyUrl }, packages) {
      const root = join(dir, `root-${(roots += 1)}`);
      const [repoFile, keyFile] = [`${root}.repo`, `${root}.key`];
      if (repoUrl !== undefined) await writeFile(repoFile, await text(repoUrl));
      await writeFile(keyFile, await text(keyUrl));
      const where = baseurl === undefined ? { repoFile } : { baseurl };
      return dnfInstall({ root, ...where, keyFile, packages });
    },
    async close() {
      await world.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
