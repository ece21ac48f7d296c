import { z } from "zod";
import { imagePackages, isPackageList } from "./kiwi/image-packages.ts";
import type { PackageList } from "./package-list.ts";

/** How the packages of an image or a tree differ from those of the build before. */
export const PackageChanges = z.readonly(
  z.strictObject({
    /** The attempt that they are held against (`attemptId`), and when it passed. */
    before: z.string(),
    at: z.string(),
    /** The first ones by name; `was` and `is` are versions, absent where it was not or is not there. */
    changes: z.readonly(
      z.array(z.strictObject({ name: z.string(), was: z.optional(z.string()), is: z.optional(z.string()) })),
    ),
    /** How many there are in all. */
    count: z.int(),
  }),
);
export type PackageChanges = z.infer<typeof PackageChanges>;

/** What of a list is kept: a record is one object. */
const PACKAGES_MAX = 20_000;

/** Reads kiwi's list of an image, or what a tree's composer tells of it, a line each and the package first. */
export function packagesIn(file: string, text: string): PackageList["packages"] {
  const found = isPackageList(file)
    ? imagePackages(text).map(({ name, epoch, version, release, arch }) => ({
        name: `${name}.${arch}`,
        version: [`${epoch === "0" ? "" : `${epoch}:`}${version}`, release].filter(Boolean).join("-"),
      }))
    : text.split("\n").flatMap((line) => named(line.split("\t", 1)[0] ?? "") ?? []);
  const packages = new Map<string, Set<string>>();
  for (const { name, version } of found.slice(0, PACKAGES_MAX))
    packages.set(name, (packages.get(name) ?? new Set()).add(version));
  return Object.fromEntries(
    [...packages].map(([name, versions]) => [name, [...versions].toSorted().join(", ")]),
  );
}

/** `name-version-release.arch` */
function named(package_: string): { readonly name: string; readonly version: string } | undefined {
  const dot = package_.lastIndexOf(".");
  const release = package_.lastIndexOf("-");
  const version = package_.lastIndexOf("-", release - 1);
  if (version <= 0 || dot < release) return undefined;
  return {
    name: `${package_.slice(0, version)}${package_.slice(dot)}`,
    version: package_.slice(version + 1, dot),
  };
}

/** A record is one object: of very many changes the first tell enough. */
const CHANGES_MAX = 40;

export function packageChanges(
  { attempt, at, packages: was }: PackageList,
  is: PackageList["packages"],
): PackageChanges {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  const changes = names
    .filter((name) => was[name] !== is[name])
    .map((name) => ({
      name,
      ...(was[name] !== undefined && { was: was[name] }),
      ...(is[name] !== undefined && { is: is[name] }),
    }));
  return { before: attempt, at, changes: changes.slice(0, CHANGES_MAX), count: changes.length };
}
