import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DB_PATH } from "./base-specs.ts";
import { runTool } from "./run-tool.ts";

export interface Installation {
  /** The new root; its parent must exist and is used for scratch files. */
  readonly root: string;
  readonly repository: string;
  /** Path of the public key. */
  readonly key: string;
  readonly packages: readonly string[];
  /** The root's architecture (RPM's name) if it is not this machine's. */
  readonly foreign: string | undefined;
}

/** Installs a root from a local repository by dnf, every signature checked. */
export async function installRoot({ root, repository, key, packages, foreign }: Installation): Promise<void> {
  const scratch = `${root}.scratch`;
  await mkdir(join(scratch, "repos"), { recursive: true });
  await writeFile(join(scratch, "repos/local.repo"), REPO(repository, key));
  await writeFile(join(scratch, ".rpmmacros"), `%_dbpath ${DB_PATH}\n`);
  await writeFile(join(scratch, "dnf.conf"), "[main]\nplugins=0\ninstall_weak_deps=0\nlogdir=/var/log\n");
  await runTool(
    [
      ...OWN_PROCESSES,
      "dnf",
      "--quiet",
      "--assumeyes",
      "--config",
      join(scratch, "dnf.conf"),
      "--installroot",
      root,
      "--releasever=1",
      `--setopt=reposdir=${join(scratch, "repos")}`,
      ...(foreign === undefined ? [] : FOREIGN(foreign)),
      "install",
      ...packages,
    ],
    { env: { HOME: scratch } },
  );
  for (const left of ["var/cache/dnf", "var/lib/dnf", "var/log"])
    await rm(join(root, left), { recursive: true, force: true });
  await rm(scratch, { recursive: true });
}

/** dnf leaves an agent of gpg behind; in a process namespace of its own it ends with dnf. */
const OWN_PROCESSES: readonly string[] = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Programs of the root do not run here while it is made. */
const FOREIGN = (arch: string): readonly string[] => [
  "--forcearch",
  arch,
  "--setopt=tsflags=noscripts,notriggers",
];

const REPO = (repository: string, key: string): string => `[local]
name=Converted from Debian's packages
baseurl=file://${repository}
gpgkey=file://${key}
gpgcheck=1
repo_gpgcheck=1
`;
