import { compareVersions } from "../spec/rpm-version.ts";
import { isVersion } from "./values.ts";
import type { Services } from "./services.ts";
import { isAddress, type Spec } from "../spec/spec.ts";

/** Where a recipe's upstream tells of its releases. */
export type Upstream =
  /** `owner/name` on GitHub. */
  | { readonly kind: "github"; readonly repo: string }
  /** Any repository that git can fetch over https. */
  | { readonly kind: "git"; readonly url: string }
  /** A project of release-monitoring.org, by its number. */
  | { readonly kind: "anitya"; readonly project: number };

/** A release of the upstream's, as it is named there. */
export interface Tag {
  readonly name: string;
  /** Its maker calls it a prerelease. */
  readonly prerelease?: boolean | undefined;
}

/** Which tags count. The functions run the repository's own expressions. */
export interface Filter {
  readonly includes: (tag: string) => boolean;
  /** The version in a tag, if the repository says how to find it; `undefined`: there is none. */
  readonly versionIn?: ((tag: string) => string | undefined) | undefined;
  readonly prerelease: boolean;
}

/** A version, and the tag that brought it. */
export interface Found {
  readonly version: string;
  readonly tag: string;
}

/** The newest of the tags that count, as rpm compares versions. */
export function newestOf(tags: readonly Tag[], project: string, filter: Filter): Found | undefined {
  return tags.flatMap((tag) => foundIn(tag, project, filter)).reduce(newer, undefined);
}

const newer = (best: Found | undefined, one: Found): Found =>
  best && compareVersions(one.version, best.version) <= 0 ? best : one;

function foundIn({ name, prerelease }: Tag, project: string, filter: Filter): readonly Found[] {
  if (!filter.includes(name)) return [];
  const version = filter.versionIn ? filter.versionIn(name) : versionOfTag(name, project);
  if (version === undefined || !isVersion(version)) return [];
  if (!filter.prerelease && (prerelease || isPrerelease(version))) return [];
  return [{ version, tag: name }];
}

/** The version that a tag is usually named after: `v1.2.0`, `greet-1.2.0`, `release-1.2`, `curl-7_88_1`. */
export function versionOfTag(tag: string, project: string): string | undefined {
  const begins = [project.toLowerCase(), "release", "version", "rel", "ver", "v", "r"];
  let rest = tag;
  for (const word of begins) {
    if (word !== "" && rest.toLowerCase().startsWith(word)) rest = rest.slice(word.length);
    while (rest !== tag && "-_/.".includes(rest.charAt(0)) && rest !== "") rest = rest.slice(1);
  }
  if (!isDigit(rest.charAt(0))) return undefined;
  const words = rest.includes(".") ? rest : rest.replaceAll("_", ".");
  const version = words.replaceAll(/-(?=[A-Za-z])/g, "~");
  return isVersion(version) && !version.includes("-") ? version : undefined;
}

/** Does its name say that it comes before a release? */
export function isPrerelease(version: string): boolean {
  if (version.includes("~")) return true;
  return lettersIn(version.toLowerCase()).some(
    ({ word, isCounted }) => EARLY.has(word) || (isCounted && (word === "a" || word === "b")),
  );
}

const EARLY = new Set(
  "alpha beta rc cr pre preview prerelease dev devel snapshot nightly canary test".split(" "),
);

/** The words of a version, and whether a number follows each at once. */
function lettersIn(version: string): readonly { readonly word: string; readonly isCounted: boolean }[] {
  return Array.from(version.matchAll(/[a-z]+/g), ({ 0: word, index }) => ({
    word,
    isCounted: isDigit(version.charAt(index + word.length)),
  }));
}

const isDigit = (char: string): boolean => char >= "0" && char <= "9";

/** Where a spec and its `_service` say that their upstream is. */
export function upstreamOf(
  spec: Pick<Spec, "sources" | "url">,
  services: Services | undefined,
): Upstream | undefined {
  const fetched = services?.services.flatMap((service) =>
    service.name === "obs_scm" || service.name === "tar_scm" ? [service.params.url] : [],
  );
  const [scm] = fetched ?? [];
  if (scm !== undefined) return onGitHub(scm) ?? { kind: "git", url: scm };
  const written = [...spec.sources.map(({ value }) => value), spec.url?.value ?? ""].filter(isAddress);
  return written.map(onGitHub).find((one) => one !== undefined) ?? written.map(onGitLab).find(Boolean);
}

function onGitHub(address: string): Upstream | undefined {
  const [scheme, , host, owner, name] = address.split("/");
  if (scheme !== "https:" || host?.toLowerCase() !== "github.com" || !owner || !name) return undefined;
  const repo = `${owner}/${plain(name)}`;
  return Array.from(repo).every(isNameChar) ? { kind: "github", repo } : undefined;
}

/** GitLab has its archives below `/-/archive/`, on whatever host. */
function onGitLab(address: string): Upstream | undefined {
  const at = address.indexOf("/-/archive/");
  return at > 0 && address.startsWith("https://")
    ? { kind: "git", url: `${address.slice(0, at)}.git` }
    : undefined;
}

const plain = (name: string): string => {
  const [path = ""] = name.split(/[?#]/);
  return path.endsWith(".git") ? path.slice(0, -".git".length) : path;
};

const isNameChar = (char: string): boolean =>
  isDigit(char) || char.toLowerCase() !== char.toUpperCase() || "-_./".includes(char);

/** The name by which an upstream's tags may begin. */
export function projectOf(upstream: Upstream, recipe: string): string {
  const path = upstream.kind === "github" ? upstream.repo : upstream.kind === "git" ? upstream.url : recipe;
  return plain(path.slice(path.lastIndexOf("/") + 1));
}
