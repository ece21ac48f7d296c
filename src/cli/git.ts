import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Somebody who works with git as people do: clones, changes files, commits and pushes. */
export interface Person {
  readonly login: string;
  readonly token: string;
}

/** A clone on the person's own disk. */
export interface Clone {
  readonly dir: string;
  git(...args: readonly string[]): Promise<string>;
  /** Commits all that was changed and returns the commit. */
  commit(message: string): Promise<string>;
  remove(): Promise<void>;
}

export async function clone(url: string, person: Person): Promise<Clone> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-clone-"));
  const address = new URL(url);
  address.username = person.login;
  address.password = person.token;
  const who = { name: person.login, email: `${person.login}@users.noreply.example` };
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
  };
  const work = join(dir, "work");
  const git = async (...args: readonly string[]) =>
    (await run("git", [...args], { cwd: work, env })).stdout.trim();
  await run("git", ["clone", "--quiet", address.href, work], { env });
  return {
    dir: work,
    git,
    async commit(message) {
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
      return git("rev-parse", "HEAD");
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** The files of a directory become the next commit of a clone. */
export const copyInto = (from: string, { dir }: Clone): Promise<void> => cp(from, dir, { recursive: true });
