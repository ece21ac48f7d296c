import { Arch } from "../../pipelines/run.ts";

/** Other words for our arches: Debian's, Go's, uname's and the ones people type. */
const ALIASES: Readonly<Record<string, Arch>> = {
  "x86-64": "x86_64",
  amd64: "x86_64",
  x64: "x86_64",
  intel64: "x86_64",
  arm64: "aarch64",
  armv8: "aarch64",
  ppc64el: "ppc64le",
  powerpc64le: "ppc64le",
};

/** Words that mean an arch which is near to one of ours and yet another: never a recipe, never a guess. */
const NEAR: Readonly<Record<string, Arch | undefined>> = {
  ppc64: "ppc64le",
  powerpc64: "ppc64le",
  powerpc: "ppc64le",
  power: "ppc64le",
  ppc: "ppc64le",
  s390: "s390x",
  arm: "aarch64",
  armhf: "aarch64",
  armv7: "aarch64",
  armv7l: "aarch64",
  armv7hl: "aarch64",
  x86: "x86_64",
  i386: "x86_64",
  i586: "x86_64",
  i686: "x86_64",
  riscv64: undefined,
};

/** What a word says of arches: one of ours, one that is not (and the nearest of ours, if any), or nothing. */
export type ArchWord =
  | { readonly kind: "arch"; readonly arch: Arch }
  | { readonly kind: "other"; readonly nearest: Arch | undefined }
  | { readonly kind: "none" };

export function archWord(word: string): ArchWord {
  const name = word.toLowerCase();
  const known = Arch.safeParse(Object.hasOwn(ALIASES, name) ? ALIASES[name] : name);
  if (known.success) return { kind: "arch", arch: known.data };
  return Object.hasOwn(NEAR, name) ? { kind: "other", nearest: NEAR[name] } : { kind: "none" };
}
