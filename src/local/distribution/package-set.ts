import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BASE_VERSION, filesystemSpec, macrosSpec } from "./base-specs.ts";
import { MACROS } from "./convert-macros.ts";
import { convertPackages, rpmFile, wrappingsOf, type Workshop, type Wrapping } from "./convert-packages.ts";
import { REPLACED, rpmVersion } from "./convert-spec.ts";
import { type DebianIndex, openDebianIndex } from "./debian-index.ts";
import { dracutSpec, kernelSpec, releaseSpec } from "./kernel-spec.ts";
import type { Listed } from "./sign-repository.ts";
import { openSigningKey, type SigningKey } from "./signing-key.ts";

/** Architectures (RPM's names) that roots are made for, with Debian's names. */
export const DEBIAN_ARCH = { x86_64: "amd64", aarch64: "arm64", s390x: "s390x", ppc64le: "ppc64el" } as const;
export type RootArch = keyof typeof DEBIAN_ARCH;

export interface SetPlan {
  readonly arch: RootArch;
  readonly dir: string;
  /** Debian packages, without what they depend on. */
  readonly names: readonly string[];
  /** Debian's package that depends on the kernel of the day: it is in the set in our own form, with a stand-in for dracut. */
  readonly kernel?: string | undefined;
}

/** Packages that belong together, made or not. */
export interface PackageSet {
  readonly digest: string;
  /** What a person reads in a log. */
  readonly kind: string;
  readonly rpms: readonly (Listed & { readonly package: string })[];
  readonly key: SigningKey;
  /** Makes and signs those that are not there yet. */
  convert(): Promise<void>;
}

/** Asks Debian for what is wanted, and says which rpms that is. */
export async function packageSet({ arch, dir, names, kernel }: SetPlan): Promise<PackageSet> {
  const index = await openDebianIndex(DEBIAN_ARCH[arch], join(dir, "apt", arch));
  const key = await openSigningKey(join(dir, "key"));
  const workshop: Workshop = { dir: join(dir, "rpms"), arch, index, key };
  const debian = (await index.closure(names)).filter(({ name }) => !REPLACED.includes(name));
  const release = await hostRelease();
  const base = [filesystemSpec(REPLACED), macrosSpec(`.deb${release}`)];
  const wrappings =
    kernel === undefined
      ? wrappingsOf(debian, base)
      : [...wrappingsOf(debian, [...base, dracutSpec, releaseSpec(release)]), await kernelOf(index, kernel)];
  const rpms = wrappings.map((wrapping) => ({
    package: wrapping.name,
    name: fullName(wrapping),
    file: rpmFile(workshop, wrapping),
  }));
  const digest = digestOf(arch, rpms);
  const kind = `debian-${release} ${arch}: ${debian.length} packages converted from Debian, digest ${digest.slice(0, 12)}`;
  return {
    digest,
    kind,
    rpms,
    key,
    async convert() {
      await convertPackages(wrappings, workshop);
    },
  };
}

/** The kernel of the day, and what our package of it unpacks besides. */
async function kernelOf(index: DebianIndex, meta: string): Promise<Wrapping> {
  const all = await index.closure([meta, "busybox-static", "kmod"]);
  const of = (isWanted: (name: string) => boolean) => {
    const found = all.find(({ name }) => isWanted(name));
    if (!found) throw new Error(`Debian's ${meta} brings no kernel, no busybox or no kmod`);
    return found;
  };
  const debian = of((name) => name.startsWith("linux-image-") && name !== meta);
  const others = [of((name) => name === "busybox-static"), of((name) => name === "kmod")];
  return { name: "kernel", spec: MACROS + kernelSpec(debian, others), debian, others };
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
