import type { RootArch } from "./package-set.ts";

/** GNU's names of the machines, as Debian's cross compilers and library directories carry them. */
const TRIPLETS: Readonly<Record<RootArch, string>> = {
  x86_64: "x86_64-linux-gnu",
  aarch64: "aarch64-linux-gnu",
  s390x: "s390x-linux-gnu",
  ppc64le: "powerpc64le-linux-gnu",
};

export const tripletOf = (arch: RootArch): string => TRIPLETS[arch];

/** Debian packages of this machine's own whose programs do in a root of another architecture what its own would. */
export const nativePackages = (arch: RootArch): readonly string[] => [
  `gcc-${TRIPLETS[arch]}`,
  "bash",
  "bzip2",
  "coreutils",
  "cpio",
  "curl",
  "debugedit",
  "diffutils",
  "file",
  "findutils",
  "gawk",
  "grep",
  "gzip",
  "libc-bin",
  "m4",
  "make",
  "patch",
  "rpm",
  "sed",
  "tar",
  "xz-utils",
  "zstd",
];

/** They tell which machine this is, load a library of theirs into programs of the root, or write what its libc reads. */
const EMULATED = new Set([
  "arch",
  "getconf",
  "iconv",
  "iconvconfig",
  "ldconfig",
  "locale",
  "localedef",
  "stdbuf",
  "uname",
]);

/** Where a program of a native package belongs in the root; nothing for what is no program, or must stay emulated. */
export function placeInRoot(path: string): string | undefined {
  const place = merged(path);
  const cross = place.replace(/^usr\/lib\/gcc-cross\//, "usr/lib/gcc/");
  const isProgram = ["usr/bin/", "usr/sbin/", "usr/lib/rpm/", "usr/lib/gcc/"].some((dir) =>
    cross.startsWith(dir),
  );
  return isProgram && !EMULATED.has(cross.slice(cross.lastIndexOf("/") + 1)) ? cross : undefined;
}

/** Packages still have directories beside `/usr` that are links to those in it. */
export const merged = (path: string): string => path.replace(/^(?=(bin|sbin|lib|lib64)\/)/, "usr/");
