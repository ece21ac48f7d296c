import { constants } from "node:fs";
import { chmod, copyFile, mkdir, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { DebianIndex, DebianPackage } from "./debian-index.ts";
import type { RootArch } from "./package-set.ts";
import { merged, nativePackages, placeInRoot, tripletOf } from "./native-programs.ts";
import { runTool } from "./run-tool.ts";

export interface Acceleration {
  /** The root's architecture. */
  readonly arch: RootArch;
  /** This machine's. */
  readonly host: RootArch;
  /** What makes the root fast: packages of this machine's own. */
  readonly packages: readonly DebianPackage[];
  readonly index: DebianIndex;
}

/** All that is laid into a root; what is only for cross compilers to find is in the root already, as its own. */
export async function nativeClosure(index: DebianIndex, arch: RootArch): Promise<readonly DebianPackage[]> {
  const all = await index.closure(nativePackages(arch));
  return all.filter((debian) => debian.arch !== "all");
}

/**
 * Puts this machine's own compiler, shell and tools into a root of another architecture, each in the place of its
 * emulated twin: programs find the root's own headers, libraries and start files. What has no twin stays emulated, and
 * with it all that a build makes and runs. No package of the root changes by name or version.
 */
export async function accelerate(
  root: string,
  { arch, host, packages, index }: Acceleration,
): Promise<number> {
  const native = `${root}.native`;
  await mkdir(join(native, "debs"), { recursive: true });
  await index.download(packages, join(native, "debs"));
  const tree = join(native, "tree");
  for (const deb of await readdir(join(native, "debs")))
    await runTool(["dpkg-deb", "-x", join(native, "debs", deb), tree]);
  const swapped = await swapPrograms(tree, root);
  await layLibraries(tree, root, tripletOf(host));
  await layLocales(tree, root, tripletOf(host));
  // The cross compiler looks for its own parts here; it gets those of the root.
  await symlink("gcc", join(root, "usr/lib/gcc-cross"));
  await writeFile(join(root, "etc/rpm/platform"), `${arch}-debian-linux\n`);
  await rm(native, { recursive: true });
  return swapped;
}

/** Replaces what is a program both here and there; links and scripts of the root stay as they are. */
async function swapPrograms(tree: string, root: string): Promise<number> {
  let swapped = 0;
  const files = await readdir(tree, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    const from = join(file.parentPath, file.name);
    const place = placeInRoot(relative(tree, from));
    if (place === undefined || !(await isElf(join(root, place))) || !(await isElf(from))) continue;
    // The file may be one with that of the plain root: it is never written to.
    await rm(join(root, place));
    await copyFile(from, join(root, place));
    await chmod(join(root, place), 0o755);
    swapped += 1;
  }
  return swapped;
}

/** Libraries lie in directories named by their machine; the loader has a name of its own. */
async function layLibraries(tree: string, root: string, triplet: string): Promise<void> {
  for (const dir of [`lib/${triplet}`, `usr/lib/${triplet}`]) {
    const into = join(root, merged(`${dir}/`));
    await mkdir(into, { recursive: true });
    await runTool(["cp", "-a", "--no-clobber", `${join(tree, dir)}/.`, into]);
  }
  for (const dir of ["lib", "lib64"]) {
    const loaders = (await readdir(join(tree, dir)).catch(() => [])).filter((name) => name.startsWith("ld-"));
    for (const name of loaders)
      await runTool(["cp", "-a", join(tree, dir, name), join(root, merged(`${dir}/`), name)]);
  }
}

/** Both of the same length. */
const [LOCALES, NATIVE_LOCALES] = ["/usr/lib/locale", "/usr/lib/native"] as const;

/** Locales are written in a machine's own byte order, so that its libc needs a directory of its own for them. */
async function layLocales(tree: string, root: string, triplet: string): Promise<void> {
  const libc = join(root, "usr/lib", triplet, "libc.so.6");
  const text = await readFile(libc, "latin1");
  await writeFile(libc, text.replaceAll(LOCALES, NATIVE_LOCALES), "latin1");
  await runTool(["cp", "-a", join(tree, LOCALES), join(root, NATIVE_LOCALES)]);
}

const ELF = Buffer.from("\x7fELF", "latin1");

async function isElf(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (!file) return false;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
  return bytesRead === 4 && buffer.equals(ELF);
}
