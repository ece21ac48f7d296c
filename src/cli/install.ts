import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { dnfInstall, type Install, type Said, zypperInstall } from "../local/clients.ts";
import type { BuildRoot } from "../local/distribution/build-root.ts";

const run = promisify(execFile);

export interface Trial {
  /** Address of the `.repo` file on the mirror. */
  readonly repoUrl: string;
  readonly keyUrl: string;
  readonly packages: readonly string[];
  /** The distribution that the packages were built on: glibc and the like come from there. */
  readonly base: BuildRoot;
  /** What to run in the fresh root afterwards. */
  readonly command?: readonly string[];
}

/** Installs from the mirror into a fresh root with all checks on, as a user's machine would. */
export async function tryInstall(client: "dnf" | "zypper", trial: Trial): Promise<Said> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-client-"));
  try {
    const repoFile = await fetched(trial.repoUrl, join(dir, "channel.repo"));
    const keyFile = await fetched(trial.keyUrl, join(dir, "key"));
    const { repository, key } = trial.base;
    const install: Install = {
      root: join(dir, "root"),
      repoFile,
      keyFile,
      packages: trial.packages,
      base: { repository, key },
    };
    const said = await (client === "dnf" ? dnfInstall : zypperInstall)(install);
    if (said.code !== 0 || !trial.command) return said;
    const { stdout } = await run("chroot", [install.root, ...trial.command], {
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    });
    return { code: 0, output: stdout };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function fetched(url: string, file: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
  return file;
}
