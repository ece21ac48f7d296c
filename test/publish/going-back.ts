import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Said } from "../../src/local/clients.ts";

/** A root in which packages were installed from this repository; `dir` is for files of this step alone. */
interface Client {
  readonly dir: string;
  readonly root: string;
  readonly repoFile: string;
  readonly keyFile: string;
}

/** `dnf distro-sync` with all checks on: each package becomes what the repository has now, be it older. */
export async function dnfGoesBack({ dir, root, repoFile, keyFile }: Client): Promise<Said> {
  const repos = join(dir, "repos");
  await mkdir(repos, { recursive: true });
  const text = (await readFile(repoFile, "utf8")).replace(/^gpgkey=.*$/m, `gpgkey=file://${keyFile}`);
  await writeFile(join(repos, "channel.repo"), text);
  await writeFile(join(dir, "dnf.conf"), "[main]\n");
  return run("dnf", [
    `--config=${join(dir, "dnf.conf")}`,
    `--setopt=reposdir=${repos}`,
    `--setopt=cachedir=${join(root, "var/cache/dnf")}`,
    "--setopt=metadata_expire=0",
    "--noplugins",
    `--installroot=${root}`,
    "--releasever=1",
    "--assumeyes",
    "distro-sync",
  ]);
}

/** `zypper dup --allow-downgrade`, which knows the repository and the key since the installation. */
export async function zypperGoesBack({ root }: Client): Promise<Said> {
  const zypper = (...args: readonly string[]) =>
    run("zypper", ["--root", root, "--non-interactive", ...args]);
  const refreshed = await zypper("refresh", "--force");
  if (refreshed.code !== 0) return refreshed;
  return zypper("dist-upgrade", "--allow-downgrade", "--no-recommends");
}

function run(tool: string, args: readonly string[]): Promise<Said> {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/nonexistent", LC_ALL: "C" };
  const own = ["--pid", "--fork", "--kill-child", "--mount-proc"];
  return new Promise((resolve) => {
    const child = execFile("unshare", [...own, tool, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
    child.stdin?.end();
  });
}
