import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports.ts";
import { foreignPrograms, type Binfmt } from "./foreign-programs.ts";
import { holdLock } from "./hold-lock.ts";
import { makeFastRoot } from "./make-fast-root.ts";
import { isForeign, isMade, makeRoot, type RootArch } from "./make-root.ts";

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
  const request = join(dir, "requests", sha256([arch, String(accelerated), ...names, await ownCode()]));
  await mkdir(join(dir, "requests"), { recursive: true });
  const digest =
    (await remembered(dir, request)) ??
    (await holdLock(join(dir, "lock"), async () => {
      const meanwhile = await remembered(dir, request);
      if (meanwhile !== undefined) return meanwhile;
      const plain = await makeRoot({ arch, dir, names, log });
      const made = accelerated ? await makeFastRoot({ arch, dir, plain, log }) : plain;
      await writeFile(`${request}.half`, made);
      await rename(`${request}.half`, request);
      return made;
    }));
  const root = await readRoot(dir, digest);
  log("build root", { kind: root.kind, path: root.path });
  return root;
}

/** The digest of the root that answered this request before, if it is still there. */
async function remembered(dir: string, request: string): Promise<string | undefined> {
  const digest = await readFile(request, "utf8").catch(() => undefined);
  return digest !== undefined && (await isMade(dir, digest)) ? digest : undefined;
}

async function readRoot(dir: string, digest: string): Promise<BuildRoot> {
  const home = join(dir, "roots", digest);
  const record = RootRecord.parse(JSON.parse(await readFile(join(home, "record.json"), "utf8")));
  const binfmt = isForeign(record.arch) ? { binfmt: await foreignPrograms(record.arch) } : {};
  const paths = {
    path: join(home, "root"),
    repository: join(home, "repository"),
    key: join(dir, "key/public.asc"),
  };
  return { ...record, ...paths, ...binfmt, digest };
}

/** What a root is made by: another version of this code answers the same request anew. */
async function ownCode(): Promise<string> {
  const files = (await readdir(import.meta.dirname)).toSorted();
  return sha256(await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), "utf8"))));
}

const sha256 = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex");
