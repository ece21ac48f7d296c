import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a client is to do: into the fresh directory `root`, install `packages` from one repository with all checks on.
 *  The repository is a `.repo` file on this machine or an address; `keyFile` is the one key that is trusted. */
export interface Install {
  readonly root: string;
  readonly repoFile?: string;
  readonly baseurl?: string;
  readonly keyFile: string;
  readonly packages: readonly string[];
  /** Another repository that the packages' own needs come from, with its key; both are paths. */
  readonly base?: { readonly repository: string; readonly key: string } | undefined;
  /** For dnf: install packages of this arch instead of the machine's own. */
  readonly arch?: string;
}

export interface Said {
  readonly code: number;
  readonly output: string;
}

/** `dnf install` with gpgcheck=1 and repo_gpgcheck=1. Not `dnf download`, which takes unsigned packages too. The cache is
 *  inside the root (an option on the command line is not taken below it by itself): metadata and keys of an earlier
 *  installation prove nothing. */
export async function dnfInstall(install: Install): Promise<Said> {
  return withScratch(async (dir) => {
    await mkdir(join(dir, "repos"));
    await writeFile(join(dir, "repos", "under-test.repo"), await repository(install));
    if (install.base) await writeFile(join(dir, "repos", "base.repo"), baseRepository(install.base));
    await writeFile(join(dir, "dnf.conf"), "[main]\n");
    const forced = install.arch === undefined ? [] : [`--forcearch=${install.arch}`];
    return run("dnf", [
      `--config=${join(dir, "dnf.conf")}`,
      `--setopt=reposdir=${join(dir, "repos")}`,
      `--setopt=cachedir=${join(install.root, "var/cache/dnf")}`,
      "--setopt=metadata_expire=0",
      "--setopt=retries=1",
      "--noplugins",
      `--installroot=${install.root}`,
      "--releasever=1",
      "--assumeyes",
      ...forced,
      "install",
      ...install.packages,
    ]);
  });
}

/** `zypper install` with repo_gpgcheck=1 and pkg_gpgcheck=1 (gpgcheck=1 alone takes unsigned packages out of a signed
 *  repository). The code is that of the first step that fails. */
export async function zypperInstall(install: Install): Promise<Said> {
  return withScratch(async (dir) => {
    const file = join(dir, "under-test.repo");
    await writeFile(file, await repository(install));
    await mkdir(install.root, { recursive: true });
    const zypper = (...args: readonly string[]) =>
      run("zypper", ["--root", install.root, "--non-interactive", ...args]);
    const withBase = ({ repository: base, key }: NonNullable<Install["base"]>) => [
      () => run("rpm", ["--root", install.root, "--import", key]),
      () => zypper("addrepo", "--gpgcheck", `dir:${base}`, "base"),
    ];
    return inTurn([
      () => run("rpm", ["--root", install.root, "--import", install.keyFile]),
      ...(install.base ? withBase(install.base) : []),
      () => zypper("addrepo", file),
      () => zypper("refresh"),
      () => zypper("install", "--no-recommends", ...install.packages),
    ]);
  });
}

const baseRepository = ({ repository: base, key }: NonNullable<Install["base"]>): string =>
  `[base]\nname=base\nbaseurl=file://${base}\ngpgcheck=1\nrepo_gpgcheck=1\ngpgkey=file://${key}\n`;

/** The repository as the client gets it, but trusting `keyFile` alone: with an address, `-y` would be blind trust. */
async function repository({ repoFile, baseurl, keyFile }: Install): Promise<string> {
  const text =
    repoFile === undefined
      ? `[under-test]\nname=under test\nenabled=1\ntype=rpm-md\nbaseurl=${baseurl}\ngpgcheck=1\nrepo_gpgcheck=1\npkg_gpgcheck=1\n`
      : await readFile(repoFile, "utf8");
  return `${text.replaceAll(/^gpgkey=.*\n/gm, "")}gpgkey=file://${keyFile}\n`;
}

async function inTurn(steps: readonly (() => Promise<Said>)[]): Promise<Said> {
  let output = "";
  for (const step of steps) {
    const said = await step();
    output += said.output;
    if (said.code !== 0) return { code: said.code, output };
  }
  return { code: 0, output };
}

async function withScratch<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "client-"));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The agents of gpg that dnf and zypper leave behind end with the process tree they were started in. */
const OWN_PROCESSES: readonly string[] = ["--pid", "--fork", "--kill-child", "--mount-proc"];

function run(tool: string, args: readonly string[]): Promise<Said> {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/nonexistent", LC_ALL: "C" };
  return new Promise((resolve) => {
    const child = execFile(
      "unshare",
      [...OWN_PROCESSES, tool, ...args],
      { env, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
        const never = code === 255 ? (error?.message ?? "") : "";
        resolve({ code, output: `${stdout}${stderr}${never}` });
      },
    );
    child.stdin?.end();
  });
}
