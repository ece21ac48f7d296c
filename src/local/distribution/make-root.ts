import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Log } from "../../ports.ts";
import { BASE_VERSION, filesystemSpec, macrosSpec } from "./base-specs.ts";
import { convertPackages, rpmFile, wrappingsOf, type Workshop, type Wrapping } from "./convert-packages.ts";
import { REPLACED, rpmVersion } from "./convert-spec.ts";
import { openDebianIndex } from "./debian-index.ts";
import { installRoot } from "./install-root.ts";
import { signRepository, type Listed } from "./sign-repository.ts";
import { openSigningKey, type SigningKey } from "./signing-key.ts";

/** Architectures (RPM's names) that roots are made for, with Debian's names. */
export const DEBIAN_ARCH = { x86_64: "amd64", aarch64: "arm64", s390x: "s390x", ppc64le: "ppc64el" } as const;
export type RootArch = keyof typeof DEBIAN_ARCH;

const HOST_ARCH: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Are programs of this architecture not this machine's own? */
export const isForeign = (arch: RootArch): boolean => DEBIAN_ARCH[arch] !== HOST_ARCH[process.arch];

export interface RootPlan {
  readonly arch: RootArch;
  readonly dir: string;
  /** Debian packages, without what they depend on. */
  readonly names: readonly string[];
  readonly log: Log;
}

/** Makes what is missing of a root and gives its digest; the caller sees to it that nobody else does. */
export async function makeRoot({ arch, dir, names, log }: RootPlan): Promise<string> {
  await clearUnfinished(dir);
  const index = await openDebianIndex(DEBIAN_ARCH[arch], join(dir, "apt", arch));
  const key = await openSigningKey(join(dir, "key"));
  const workshop: Workshop = { dir: join(dir, "rpms"), arch, index, key };
  const debian = (await index.closure(names)).filter(({ name }) => !REPLACED.includes(name));
  const release = await hostRelease();
  const wrappings = wrappingsOf(debian, [filesystemSpec(REPLACED), macrosSpec(`.deb${release}`)]);
  const rpms = wrappings.map((wrapping) => ({
    package: wrapping.name,
    name: fullName(wrapping),
    file: rpmFile(workshop, wrapping),
  }));
  const digest = digestOf(arch, rpms);
  if (await isMade(dir, digest)) return digest;
  log("converting Debian packages to rpms", { arch, packages: debian.length, digest });
  await convertPackages(wrappings, workshop);
  const kind = `debian-${release} ${arch}: ${debian.length} packages converted from Debian, digest ${digest.slice(0, 12)}`;
  await assemble({ home: join(dir, "roots", digest), arch, kind, rpms, key });
  return digest;
}

interface Assembly {
  readonly home: string;
  readonly arch: RootArch;
  readonly kind: string;
  readonly rpms: readonly (Listed & { readonly package: string })[];
  readonly key: SigningKey;
}

/** Makes the repository and the root beside their place and moves them there whole. */
async function assemble({ home, arch, kind, rpms, key }: Assembly): Promise<void> {
  await mkdir(join(home, ".."), { recursive: true });
  const half = await mkdtemp(join(home, "../half-"));
  const root = join(half, "root");
  const repository = join(half, "repository");
  await chmod(half, 0o755);
  await signRepository(repository, rpms, key);
  const packages = rpms.map((rpm) => rpm.package);
  await installRoot({
    root,
    repository,
    packages,
    key: key.path,
    foreign: isForeign(arch) ? arch : undefined,
  });
  await writeFile(join(root, "etc/os-release"), `ID=debian-rpm\nPRETTY_NAME="${kind}"\n`);
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

/** The name under which an rpm is listed: `name-version-release`. */
function fullName({ name, debian }: Wrapping): string {
  const { version, release } = debian ? rpmVersion(debian.version) : BASE_VERSION;
  return `${name}-${version}-${release}`;
}

/** Debian's release on this machine (`12`): its apt sources are where the packages come from. */
async function hostRelease(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8");
  return /^VERSION_ID="?(\d+)"?$/m.exec(text)?.[1] ?? "unstable";
}

/** Files of the workshop are named by their content's description, so their names say it all. */
const digestOf = (arch: RootArch, rpms: readonly Listed[]): string =>
  createHash("sha256")
    .update([arch, ...rpms.map(({ file }) => basename(file))].join("\n"))
    .digest("hex");

/** Is the root of this digest there, whole? */
export const isMade = (dir: string, digest: string): Promise<boolean> =>
  access(join(dir, "roots", digest)).then(
    () => true,
    () => false,
  );
