import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import { BASE_VERSION, filesystemSpec, macrosSpec } from "./base-specs.ts";
import { convertPackages, rpmFile, wrappingsOf, type Workshop, type Wrapping } from "./convert-packages.ts";
import { REPLACED, rpmVersion } from "./convert-spec.ts";
import { openDebianIndex } from "./debian-index.ts";
import { foreignPrograms, type Binfmt } from "./foreign-programs.ts";
import { holdLock } from "./hold-lock.ts";
import { installRoot } from "./install-root.ts";
import { signRepository } from "./sign-repository.ts";
import { openSigningKey } from "./signing-key.ts";

/** Architectures (RPM's names) that roots are made for, with Debian's names. */
const DEBIAN_ARCH = { x86_64: "amd64", aarch64: "arm64" } as const;
export type RootArch = keyof typeof DEBIAN_ARCH;

/** A build root and the distribution it was installed from. All paths are absolute; nothing in them may be changed. */
export interface BuildRoot {
  readonly path: string;
  readonly arch: RootArch;
  /** Of the specs of all its packages, in hex: the same digest is the same content. */
  readonly digest: string;
  /** As `name-version-release`. */
  readonly packages: readonly string[];
  /** What a person reads in a log: which kind of root this is. */
  readonly kind: string;
  /** The distribution's repository, its packages and metadata signed. */
  readonly repository: string;
  /** The public key that signs it, in ASCII armour. */
  readonly key: string;
  /** What the kernel must know before the root's programs run here; absent if they are this machine's own. */
  readonly binfmt?: Binfmt;
}

/** What is remembered of a root beside its files. */
const Record = z.strictObject({
  arch: z.enum(["x86_64", "aarch64"]),
  kind: z.string(),
  packages: z.readonly(z.array(z.string())),
});

export interface RootOrder {
  readonly arch: RootArch;
  /** Cache directory, shared by any number of processes and roots. */
  readonly dir: string;
  /** Debian packages besides the usual tools of a build. */
  readonly packages?: readonly string[];
  readonly log: Log;
}

/** What is in every root: rpmbuild, a C compiler, the GNU build system, and what a build stage itself runs. */
export const TOOLS: readonly string[] = [
  "autoconf",
  "automake",
  "bash",
  "bzip2",
  "ca-certificates",
  "coreutils",
  "cpio",
  "curl",
  "debugedit",
  "diffutils",
  "file",
  "findutils",
  "gawk",
  "gcc",
  "gettext",
  "grep",
  "gzip",
  "libc-bin",
  "libc6-dev",
  "libtool",
  "make",
  "patch",
  "pkgconf",
  "rpm",
  "sed",
  "tar",
  "xz-utils",
  "zstd",
];

/** Gives the root for these packages, made the first time and remembered; to renew it, remove `dir`. */
export async function buildRoot(order: RootOrder): Promise<BuildRoot> {
  const names = [...new Set([...TOOLS, ...(order.packages ?? [])])].toSorted();
  const requests = join(order.dir, "requests");
  await mkdir(requests, { recursive: true });
  await mkdir(join(order.dir, "roots"), { recursive: true });
  const request = join(requests, sha256([order.arch, ...names, await ownCode()]));
  return holdLock(join(order.dir, "lock"), async () => {
    const known = await readFile(request, "utf8").catch(() => undefined);
    const digest = known ?? (await makeRoot(order, names));
    if (known === undefined) await writeWhole(request, digest);
    const root = await readRoot(order.dir, digest);
    order.log("build root", { kind: root.kind, path: root.path });
    return root;
  });
}

/** Makes what is missing of a root and gives its digest. */
async function makeRoot({ arch, dir, log }: RootOrder, names: readonly string[]): Promise<string> {
  const index = await openDebianIndex(DEBIAN_ARCH[arch], join(dir, "apt", arch));
  const key = await openSigningKey(join(dir, "key"));
  const workshop: Workshop = { dir: join(dir, "rpms"), arch, index, key };
  const debian = (await index.closure(names)).filter(({ name }) => !REPLACED.includes(name));
  const release = await hostRelease();
  const wrappings = wrappingsOf(debian, [filesystemSpec(REPLACED), macrosSpec(`.deb${release}`)]);
  const rpms = wrappings.map((wrapping) => ({ name: fullName(wrapping), file: rpmFile(workshop, wrapping) }));
  const digest = sha256([arch, ...rpms.map(({ file }) => basename(file))]);
  if (await isPresent(join(dir, "roots", digest))) return digest;
  log("converting Debian packages to rpms", { arch, packages: debian.length, digest });
  await convertPackages(wrappings, workshop);
  const half = await mkdtemp(join(dir, "roots", "half-"));
  await chmod(half, 0o755);
  await signRepository(join(half, "repository"), rpms, key);
  const packages = wrappings.map(({ name }) => name);
  await installRoot({
    root: join(half, "root"),
    repository: join(half, "repository"),
    key: key.path,
    packages,
    foreign: isForeign(arch) ? arch : undefined,
  });
  const kind = `debian-${release} ${arch}: ${debian.length} packages converted from Debian, digest ${digest.slice(0, 12)}`;
  await writeFile(
    join(half, "root/etc/os-release"),
    `ID=debian-rpm\nVERSION_ID=${release}\nPRETTY_NAME="${kind}"\n`,
  );
  await writeFile(
    join(half, "record.json"),
    JSON.stringify({ arch, kind, packages: rpms.map(({ name }) => name) }),
  );
  await rename(half, join(dir, "roots", digest));
  return digest;
}

async function readRoot(dir: string, digest: string): Promise<BuildRoot> {
  const home = join(dir, "roots", digest);
  const record = Record.parse(JSON.parse(await readFile(join(home, "record.json"), "utf8")));
  const binfmt = isForeign(record.arch) ? { binfmt: await foreignPrograms(record.arch) } : {};
  const paths = {
    path: join(home, "root"),
    repository: join(home, "repository"),
    key: join(dir, "key/public.asc"),
  };
  return { ...record, ...paths, ...binfmt, digest };
}

const isForeign = (arch: RootArch): boolean => DEBIAN_ARCH[arch] !== HOST_ARCH[process.arch];
const HOST_ARCH: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

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

/** What a root is made by: another version of this code answers the same request anew. */
async function ownCode(): Promise<string> {
  const files = (await readdir(import.meta.dirname)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), "utf8")));
  return sha256(texts);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.half`, text);
  await rename(`${path}.half`, path);
}

const isPresent = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const sha256 = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex");
