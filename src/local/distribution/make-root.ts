import { access, chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports.ts";
import { installRoot } from "./install-root.ts";
import { DEBIAN_ARCH, type PackageSet, packageSet, type RootArch, type SetPlan } from "./package-set.ts";
import { signRepository } from "./sign-repository.ts";

const HOST_ARCH: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Are programs of this architecture not this machine's own? */
export const isForeign = (arch: RootArch): boolean => DEBIAN_ARCH[arch] !== HOST_ARCH[process.arch];

export interface RootPlan extends SetPlan {
  readonly log: Log;
}

/** Makes what is missing of a root and gives its digest; the caller sees to it that nobody else does. */
export const makeRoot = (plan: RootPlan): Promise<string> => make(plan, true);

/** The same for a repository that nothing is installed from here. */
export const makeRepository = (plan: RootPlan): Promise<string> => make(plan, false);

async function make(plan: RootPlan, hasRoot: boolean): Promise<string> {
  const { arch, dir, log } = plan;
  await clearUnfinished(dir);
  const set = await packageSet(plan);
  const { digest, rpms } = set;
  if (await isMade(dir, digest)) return digest;
  log("converting Debian packages to rpms", { arch, packages: rpms.length, digest });
  await set.convert();
  await assemble({ home: join(dir, "roots", digest), arch, set, hasRoot });
  return digest;
}

interface Assembly {
  readonly home: string;
  readonly arch: RootArch;
  readonly set: PackageSet;
  readonly hasRoot: boolean;
}

/** Makes the repository and the root beside their place and moves them there whole. */
async function assemble({ home, arch, set, hasRoot }: Assembly): Promise<void> {
  const { kind, rpms, key } = set;
  await mkdir(join(home, ".."), { recursive: true });
  const half = await mkdtemp(join(home, "../half-"));
  const root = join(half, "root");
  const repository = join(half, "repository");
  await chmod(half, 0o755);
  await signRepository(repository, rpms, key);
  if (hasRoot) {
    const packages = rpms.map((rpm) => rpm.package);
    const foreign = isForeign(arch) ? arch : undefined;
    await installRoot({ root, repository, packages, key: key.path, foreign });
    await writeFile(join(root, "etc/os-release"), `ID=debian-rpm\nPRETTY_NAME="${kind}"\n`);
  }
  await writeFile(
    join(half, "record.json"),
    JSON.stringify({ arch, kind, packages: rpms.map(({ name }) => name) }),
  );
  await rename(half, home);
}

/** Removes what a process left that did not come to its end. */
async function clearUnfinished(dir: string): Promise<void> {
  for (const place of ["rpms", "roots"]) {
    const entries = await readdir(join(dir, place)).catch(() => []);
    const unfinished = entries.filter((name) => /^(bench|half)-/.test(name));
    for (const name of unfinished) await rm(join(dir, place, name), { recursive: true });
  }
}

/** Is the root of this digest there, whole? */
export const isMade = (dir: string, digest: string): Promise<boolean> =>
  access(join(dir, "roots", digest)).then(
    () => true,
    () => false,
  );
