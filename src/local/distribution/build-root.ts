import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports.ts";
import { foreignPrograms, type Binfmt } from "./foreign-programs.ts";
import { madeOnce } from "./made-once.ts";
import { makeFastRoot } from "./make-fast-root.ts";
import { isForeign, makeRepository, makeRoot } from "./make-root.ts";
import type { RootArch } from "./package-set.ts";
import { RootRecord } from "./root-record.ts";

export type { RootArch };

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
  /** Directory of the distribution's repository: clients install it and what it needs into a root of theirs. */
  readonly repository: string;
  /** Path of the public key that signs its packages and its index, in ASCII armour. */
  readonly key: string;
  /** What the kernel must know before the root's programs run here; absent if they are this machine's own. */
  readonly binfmt?: Binfmt;
}

export interface RootOrder {
  readonly arch: RootArch;
  /** Absolute path of the cache directory, shared by any number of processes and roots. */
  readonly dir: string;
  /** Debian packages besides the tools of every root. */
  readonly packages?: readonly string[];
  /** Where programs of `arch` are not this machine's own: with its own compiler, shell and tools among them. */
  readonly accelerated?: boolean;
  readonly log: Log;
}

/** What is in every root: rpmbuild, a C compiler, the GNU build system, and what a build stage itself runs. */
const TOOLS: readonly string[] = [
  "bash",
  "coreutils",
  "diffutils",
  "findutils",
  "gawk",
  "grep",
  "libc-bin",
  "sed",
  "bzip2",
  "cpio",
  "gzip",
  "tar",
  "xz-utils",
  "zstd",
  "ca-certificates",
  "curl",
  "debugedit",
  "file",
  "patch",
  "rpm",
  "autoconf",
  "automake",
  "gcc",
  "gettext",
  "libc6-dev",
  "libtool",
  "make",
  "pkgconf",
];

/**
 * Gives the root for these packages: made the first time, which takes a minute, and remembered. Its packages stay as
 * they were then; to renew them, remove `dir`. Needs root's rights, and apt's sources of Debian.
 */
export async function buildRoot(order: RootOrder): Promise<BuildRoot> {
  const { arch, dir, packages = [], log } = order;
  const accelerated = order.accelerated === true && isForeign(arch);
  const names = [...new Set([...TOOLS, ...packages])].toSorted();
  const digest = await madeOnce({ dir, request: [arch, String(accelerated), ...names] }, async () => {
    const plain = await makeRoot({ arch, dir, names, log });
    return accelerated ? await makeFastRoot({ arch, dir, plain, log }) : plain;
  });
  const root = await readRoot(dir, digest);
  log("build root", { kind: root.kind, path: root.path });
  return root;
}

/** Debian packages of a system that boots, besides what a root has; and the one that depends on the kernel of the day. */
const BOOTABLE: Readonly<
  Partial<Record<RootArch, { readonly kernel: string; readonly names: readonly string[] }>>
> = {
  x86_64: {
    kernel: "linux-image-cloud-amd64",
    names: [
      "dbus",
      "grub-pc-bin",
      "grub2-common",
      "isolinux",
      "kmod",
      "login",
      "passwd",
      "syslinux-common",
      "systemd-sysv",
      "udev",
      "usr-is-merged",
      "util-linux",
    ],
  },
};

/**
 * Gives the repository that images and trees are made from: what a build root has and, where one is known for the
 * arch, what a system needs to boot: `kernel`, `systemd-sysv`, `udev`, GRUB for a BIOS, and `millwright-dracut` for kiwi.
 */
export async function imageRepository({
  arch,
  dir,
  packages = [],
  log,
}: RootOrder): Promise<Pick<BuildRoot, "repository" | "key">> {
  const bootable = BOOTABLE[arch];
  if (!bootable) return await buildRoot({ arch, dir, packages, log });
  const { kernel } = bootable;
  const names = [...new Set([...TOOLS, ...packages, ...bootable.names])].toSorted();
  const digest = await madeOnce({ dir, request: ["repository", arch, kernel, ...names] }, () =>
    makeRepository({ arch, dir, names, kernel, log }),
  );
  return { repository: join(dir, "roots", digest, "repository"), key: join(dir, KEY) };
}

const KEY = "key/public.asc";

async function readRoot(dir: string, digest: string): Promise<BuildRoot> {
  const home = join(dir, "roots", digest);
  const record = RootRecord.parse(JSON.parse(await readFile(join(home, "record.json"), "utf8")));
  const binfmt = isForeign(record.arch) ? { binfmt: await foreignPrograms(record.arch) } : {};
  const paths = { path: join(home, "root"), repository: join(home, "repository"), key: join(dir, KEY) };
  return { ...record, ...paths, ...binfmt, digest };
}
