import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { initBare } from "./bare.ts";
import { commitFiles } from "./bare-write.ts";
import { signatureOf } from "./commit-view.ts";
import { gitHubTime } from "./commit-object.ts";
import { git } from "./git.ts";
import { takeAddress } from "./moved.ts";
import { found } from "./refusal.ts";
import type { Repository, User } from "./state.ts";
import { repositoryByName, userByLogin, type World } from "./world.ts";

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean | undefined;
  /** `main` if absent. */
  readonly defaultBranch?: string | undefined;
  /** Path to content, for the first commit. Neither this nor `directory`: the repository stays empty. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** A directory whose files make the first commit. */
  readonly directory?: string | undefined;
}

export const newRepository = async (world: World, wanted: NewRepository): Promise<Repository> => {
  const owner = found(userByLogin(world, wanted.owner), `there is no user ${wanted.owner}`);
  const repository = await addRepository(world, owner, {
    name: wanted.name,
    private: wanted.private ?? false,
    defaultBranch: wanted.defaultBranch ?? "main",
    parent: null,
  });
  const given = wanted.directory
    ? await filesOf(wanted.directory)
    : { files: {}, executables: new Set<string>() };
  const files = { ...given.files, ...wanted.files };
  if (Object.keys(files).length > 0)
    await commitFiles(world.bare(repository), {
      branch: repository.defaultBranch,
      message: "Initial commit",
      author: signatureOf(world, owner),
      files,
      executables: given.executables,
    });
  return repository;
};

/** A fork with all branches of its parent. */
export const forkOf = async (world: World, parent: Repository, by: User): Promise<Repository> => {
  const fork = await addRepository(world, by, { ...parent, parent: parent.id });
  const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  await git(world.bare(fork).dir, ["fetch", "-q", world.bare(parent).dir, ...refs]);
  return fork;
};

const addRepository = async (
  world: World,
  owner: User,
  wanted: Pick<Repository, "name" | "private" | "defaultBranch" | "parent">,
): Promise<Repository> => {
  if (repositoryByName(world, owner.login, wanted.name))
    throw new Error(`${owner.login}/${wanted.name} is there already`);
  const now = gitHubTime(world.now());
  const repository: Repository = {
    id: world.nextId(),
    owner: owner.id,
    name: wanted.name,
    private: wanted.private,
    defaultBranch: wanted.defaultBranch,
    lastNumber: 0,
    collaborators: {},
    protectedBranches: [],
    parent: wanted.parent,
    createdAt: now,
    pushedAt: now,
  };
  await initBare(world.bare(repository).dir, repository.defaultBranch);
  takeAddress(world, owner.login, wanted.name);
  world.state.repositories.push(repository);
  world.touch();
  return repository;
};

/** Everything below a directory but git's own. */
const filesOf = async (directory: string) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: Record<string, Uint8Array> = {};
  const executables = new Set<string>();
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(directory, file);
    if (!entry.isFile() || path.split("/").includes(".git")) continue;
    files[path] = await readFile(file);
    if (((await stat(file)).mode & 0o100) !== 0) executables.add(path);
  }
  return { files, executables };
};
