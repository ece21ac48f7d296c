import { type Element, isMistake, type Mistake, readXml } from "../xml.ts";
import { namesIn, obsWishes } from "./values.ts";

/** What a kiwi description says of the images that can be made of it. */
export interface Description {
  readonly profiles: readonly Profile[];
  readonly preferences: readonly Preferences[];
  /** Files that it takes in, by their addresses (`file://common.xml`, `this://./parts/disk.xml`). */
  readonly includes: readonly Include[];
  /** Profiles that a remark for the Open Build Service names (`OBS-Profiles`); empty: none. */
  readonly wished: readonly string[];
  /** Arches of `OBS-ExclusiveArch`, and of `OBS-ExcludeArch`. */
  readonly only: readonly string[];
  readonly never: readonly string[];
}

/** Arches are kiwi's (`x86_64`, `arm64`); an empty list means all. */
interface Bound {
  readonly arches: readonly string[];
  readonly line: number;
}

export interface Profile extends Bound {
  readonly name: string;
  /** Chosen when nobody names a profile. */
  readonly isDefault: boolean;
  readonly requires: readonly (Bound & { readonly profile: string })[];
}

export interface Preferences extends Bound {
  /** Empty: whatever the profile. */
  readonly profiles: readonly string[];
  readonly types: readonly ImageType[];
  readonly manager?: PackageManager;
}

/** A `<packagemanager>`. `path`: the included file that has it; absent: the description itself. */
export interface PackageManager {
  readonly name: string;
  readonly line: number;
  readonly path?: string;
}

/** One `<type>`; `image` is kiwi's word (`oem`, `oci`). */
export interface ImageType {
  readonly image: string;
  readonly primary: boolean;
  readonly line: number;
}

export interface Include {
  readonly from: string;
  readonly line: number;
}

/** No description of the field comes near these. */
export const LIMITS = { length: 256 * 1024, depth: 50, elements: 10_000, attributes: 100, value: 8192 };

/** Reads a kiwi description (schema 7.x to 8.x), or a `part` that one includes; or says at which line it is none. */
export function readDescription(text: string, as: "whole" | "part" = "whole"): Description | Mistake {
  const root = readXml(text, LIMITS);
  if (isMistake(root)) return root;
  if (root.name !== "image")
    return { line: root.line, sentence: "The root of a kiwi description is <image>." };
  const mistake = tooMuch(root) ?? (as === "whole" ? wrongImage(root) : undefined);
  if (mistake) return mistake;
  const all = (name: string) => root.children.filter((child) => child.name === name);
  const profiles = all("profiles").flatMap(({ children }) =>
    children.filter(named("profile")).map(profileOf),
  );
  const description = {
    profiles,
    preferences: all("preferences").map(preferencesOf),
    includes: all("include").map(({ attributes, line }) => ({ from: attributes["from"] ?? "", line })),
    ...obsWishes(text),
  };
  return wrongNames(description) ?? description;
}

/** Is this XML somebody else's: has it another root? What is no XML may be meant to be a description. */
export function isForeign(text: string): boolean {
  const root = readXml(text, LIMITS);
  return isMistake(root) ? !text.includes("<image") : root.name !== "image";
}

const named =
  (name: string) =>
  (element: Element): boolean =>
    element.name === name;

const profileOf = ({ attributes, children, line }: Element): Profile => ({
  name: attributes["name"] ?? "",
  isDefault: attributes["import"] === "true",
  arches: namesIn(attributes["arch"]),
  requires: children.filter(named("requires")).map((required) => ({
    profile: required.attributes["profile"] ?? "",
    arches: namesIn(required.attributes["arch"]),
    line: required.line,
  })),
  line,
});

const preferencesOf = ({ attributes, children, line }: Element): Preferences => ({
  profiles: namesIn(attributes["profiles"]),
  arches: namesIn(attributes["arch"]),
  types: children.filter(named("type")).map((type) => ({
    image: type.attributes["image"] ?? "",
    primary: type.attributes["primary"] === "true",
    line: type.line,
  })),
  ...managerOf(children.find(named("packagemanager"))),
  line,
});

const managerOf = (element: Element | undefined): Pick<Preferences, "manager"> =>
  element ? { manager: { name: element.text.trim(), line: element.line } } : {};

/** The first element that is more than any description holds. */
function tooMuch(root: Element): Mistake | undefined {
  const waiting = [root];
  let count = 0;
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    const { line, attributes } = element;
    count += 1;
    if (count > LIMITS.elements)
      return { line, sentence: `There are more than ${LIMITS.elements} elements.` };
    const values = Object.values(attributes);
    if (values.length > LIMITS.attributes)
      return { line, sentence: `An element has more than ${LIMITS.attributes} attributes.` };
    if (values.some((value) => value.length > LIMITS.value))
      return { line, sentence: `An attribute is longer than ${LIMITS.value} characters.` };
    waiting.push(...element.children.toReversed());
  }
  return undefined;
}

/** kiwi's schemas are 7.x and 8.x; older ones kiwi converts itself, and what is newer nobody knows. */
function wrongImage({ line, attributes }: Element): Mistake | undefined {
  const version = attributes["schemaversion"] ?? "";
  const [major = ""] = version.split(".");
  if (major !== "7" && major !== "8")
    return { line, sentence: `schemaversion is "${version.slice(0, 20)}"; 7.x and 8.x are read.` };
  const name = attributes["name"] ?? "";
  return isName(name) ? undefined : { line, sentence: "The image has no name that can be a file's." };
}

/** Names become parts of keys, of checks and of files. */
function wrongNames({ profiles, preferences }: Description): Mistake | undefined {
  const known = new Set(profiles.map(({ name }) => name));
  const bad = profiles.find(({ name }) => !isName(name));
  if (bad) return { line: bad.line, sentence: NO_NAME };
  for (const { requires } of profiles)
    for (const { profile, line } of requires) if (!isName(profile)) return { line, sentence: NO_NAME };
  for (const { types, profiles: of, manager, line } of preferences) {
    const type = types.find(({ image }) => !isName(image));
    if (type) return { line: type.line, sentence: "A <type> says in its image attribute what it makes." };
    if (manager && !isName(manager.name))
      return { line: manager.line, sentence: "A <packagemanager> has the name of one: apt, dnf or zypper." };
    const stranger = of.find((name) => known.size > 0 && !known.has(name) && !isName(name));
    if (stranger !== undefined) return { line, sentence: NO_NAME };
  }
  return undefined;
}

const NO_NAME = "A profile's name is up to 60 letters, digits and . _ - +.";

const isName = (name: string): boolean =>
  name.length > 0 && name.length <= 60 && Array.from(name).every((c) => NAME.has(c)) && !name.startsWith("-");
const NAME = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+");
