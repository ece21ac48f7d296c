import { execFile } from "node:child_process";
import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A packaging repository on somebody's disk, as git knows it. Paths are those of git, from its top. */
export interface WorkingCopy {
  readonly top: string;
  /** All files but ignored ones. */
  readonly paths: readonly string[];
  /** The text of a file; `undefined`: there is none. What is no plain file is refused. */
  read(path: string): Promise<string | undefined>;
  /** Those of these that git has not got as they are. */
  unsaved(paths: readonly string[]): Promise<readonly string[]>;
  /** Each in one step; `undefined` removes it. */
  write(path: string, content: Uint8Array | undefined): Promise<void>;
  /** How these differ from what is committed, as git sums it up. */
  summary(paths: readonly string[]): Promise<string>;
  /** Who works here, `Name <mail>`. */
  author(): Promise<string>;
}

export async function openWorkingCopy(dir: string, env: NodeJS.ProcessEnv): Promise<WorkingCopy> {
  const git = async (where: string, args: readonly string[]): Promise<string> => {
    const limits = { maxBuffer: 256 * 1024 * 1024 };
    const plain = { ...env, GIT_LITERAL_PATHSPECS: "1", GIT_OPTIONAL_LOCKS: "0" };
    return (await run("git", [...args], { cwd: where, env: plain, ...limits })).stdout;
  };
  const top = await git(dir, ["rev-parse", "--show-toplevel"]).catch((error: unknown) => {
    throw new Error(`${dir} is in no git working copy.`, { cause: error });
  });
  const here = (args: readonly string[]) => git(top.trimEnd(), args);
  const listed = await here(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  const at = (path: string) => join(top.trimEnd(), path);
  return {
    top: top.trimEnd(),
    paths: [...new Set(listed.split("\0").filter((path) => path !== ""))].toSorted(),
    read: (path) => readPlain(at(path), path),
    async unsaved(paths) {
      const said = await here(["status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ...paths]);
      const entries = said.split("\0").filter((entry) => entry !== "");
      return entries.map((entry) => entry.slice("XY ".length));
    },
    async write(path, content) {
      if (content === undefined) return rm(at(path), { force: true });
      const beside = join(dirname(at(path)), `.millwright-${process.pid}`);
      const mode = (await lstat(at(path)).catch(() => undefined))?.mode ?? 0o644;
      await writeFile(beside, content, { mode });
      await rename(beside, at(path));
    },
    summary: (paths) => here(["diff", "--no-color", "--no-ext-diff", "--stat", "HEAD", "--", ...paths]),
    async author() {
      const ident = await here(["var", "GIT_AUTHOR_IDENT"]).catch((error: unknown) => {
        throw new Error("git does not know who you are: set user.name and user.email.", { cause: error });
      });
      return ident.slice(0, ident.lastIndexOf(">") + 1);
    },
  };
}

async function readPlain(file: string, path: string): Promise<string | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (!found) return undefined;
  if (!found.isFile()) throw new Error(`${path} is no plain file; put the file itself there.`);
  return readFile(file, "utf8");
}
