import type { Arch } from "../run.ts";
import type { Mistake } from "../xml.ts";
import type { Description, ImageType, PackageManager, Preferences, Profile } from "./description.ts";

/** One image that a description makes on an arch. `profile`: absent where it has none or its defaults count. */
export interface Image {
  readonly profile?: string;
  readonly type: string;
  /** As its description names it, if it does. */
  readonly manager?: PackageManager;
}

/** What the rules leave of a description; absent: all of it. */
export interface Wanted {
  readonly arch: Arch;
  readonly profiles?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
}

/** The images of a description on one arch, in the order in which it has them; or what is wrong with it. */
export function expand(description: Description, wanted: Wanted): readonly Image[] | Mistake {
  const { arch, types } = wanted;
  if (!isFor(description.only, arch) || (description.never.length > 0 && isFor(description.never, arch)))
    return [];
  const chosen = choose(description, wanted);
  const images: Image[] = [];
  for (const profile of chosen) {
    const active = withRequired(description, profile === undefined ? [] : [profile], arch);
    if ("sentence" in active) return active;
    const counting = preferencesFor(description, active, arch);
    const manager = counting.find((one) => one.manager)?.manager;
    const kinds = [...new Set(typesOf(counting).map(({ image }) => image))];
    const kept = kinds.filter((type) => types?.includes(type) ?? true);
    images.push(
      ...kept.map((type) => ({
        ...(profile !== undefined && { profile }),
        type,
        ...(manager && { manager }),
      })),
    );
  }
  return images;
}

/** Which profiles are built, each as images of its own; `undefined` stands for none. */
function choose(
  { profiles, preferences, wished }: Description,
  { arch, profiles: asked }: Wanted,
): readonly (string | undefined)[] {
  const here = profiles.filter(({ arches }) => isFor(arches, arch));
  const names = [...new Set(here.map(({ name }) => name))];
  if (asked) return names.filter((name) => asked.includes(name));
  if (wished.length > 0) return names.filter((name) => wished.includes(name));
  if (names.length === 0) return [undefined];
  const direct = new Set(
    preferences.filter(({ types }) => types.length > 0).flatMap(({ profiles }) => profiles),
  );
  // Where profiles say what is made, those that say nothing of it are there for others to require.
  const making = names.filter((name) => makes(name, { profiles: here, direct, arch }));
  return making.length > 0 ? making : hasOwnType(preferences, arch) ? [undefined] : [];
}

interface Making {
  readonly profiles: readonly Profile[];
  /** Profiles that preferences with types name. */
  readonly direct: ReadonlySet<string>;
  readonly arch: Arch;
}

/** Does a profile say what is made, itself or by what it requires; or is it nobody's part? */
function makes(name: string, { profiles, direct, arch }: Making): boolean {
  if (direct.size === 0) return !isPart(name, profiles);
  if (direct.has(name)) return true;
  const profile = profiles.find((one) => one.name === name);
  const required = profile?.requires.filter(({ arches }) => isFor(arches, arch)) ?? [];
  return !isPart(name, profiles) && required.some(({ profile }) => direct.has(profile));
}

const isPart = (name: string, profiles: readonly Profile[]): boolean =>
  profiles.some(({ requires }) => requires.some(({ profile }) => profile === name));

const hasOwnType = (preferences: Description["preferences"], arch: Arch): boolean =>
  preferences.some(
    ({ profiles, arches, types }) => profiles.length === 0 && isFor(arches, arch) && types.length > 0,
  );

/** Some profiles and all that they require, as kiwi resolves them; without any, its defaults. */
function withRequired(
  { profiles }: Description,
  names: readonly string[],
  arch: Arch,
): ReadonlySet<string> | Mistake {
  const known = new Map(
    profiles.filter(({ arches }) => isFor(arches, arch)).map((profile) => [profile.name, profile]),
  );
  const defaults = [...known.values()].filter(({ isDefault }) => isDefault).map(({ name }) => name);
  const waiting = [...(names.length > 0 ? names : defaults)];
  const active = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (active.has(name)) continue;
    active.add(name);
    for (const required of known.get(name)?.requires ?? []) {
      if (!isFor(required.arches, arch)) continue;
      if (!known.has(required.profile))
        return {
          line: required.line,
          sentence: `The profile "${required.profile}" is required, and ${arch} has none of this name.`,
        };
      waiting.push(required.profile);
    }
  }
  return active;
}

/** What counts for these profiles. kiwi takes the first of a kind, of types and of package managers. */
const preferencesFor = (
  { preferences }: Description,
  active: ReadonlySet<string>,
  arch: Arch,
): readonly Preferences[] =>
  preferences
    .filter(({ arches }) => isFor(arches, arch))
    .filter(({ profiles }) => profiles.length === 0 || profiles.some((name) => active.has(name)));

/** All their types, the primary first. */
function typesOf(preferences: readonly Preferences[]): readonly ImageType[] {
  const types = preferences.flatMap(({ types }) => types);
  return [...types.filter(({ primary }) => primary), ...types.filter(({ primary }) => !primary)];
}

/** kiwi compares arches by their names; these are those of Debian and of older machines for the same. */
const isFor = (arches: readonly string[], arch: Arch): boolean =>
  arches.length === 0 || arches.some((name) => (NAMES[name] ?? name) === arch);
const NAMES: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64", ppc64el: "ppc64le" };
