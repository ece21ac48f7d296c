import { code } from "../markdown/markdown.ts";

/** What is said of updates: why there is none, and what is left to do. */
export const updateWords = {
  noVersion: (version: string): string =>
    `${code(version)} is no version: letters, digits and \`. _ + ~ ^\` may be in it, and it begins with a letter or digit.`,
  unknownVersion: (path: string): string => `It cannot be told which version ${code(path)} has.`,
  has: (recipe: string, version: string, isNewer: boolean): string =>
    `${code(recipe)} has ${code(version)} already${isNewer ? ", which is newer" : ""}.`,
  /** What an update asked for, and nobody did. */
  left: (work: {
    readonly services: readonly string[];
    readonly sums: readonly string[];
    readonly sources: readonly string[];
  }): readonly string[] => [
    ...(work.services.length > 0 ? [notRun(work.services)] : []),
    ...work.sums.map((path) => `A checksum in ${code(path)} speaks of the old version, and was not renewed.`),
    ...work.sources.map((path) => `${code(path)} is the old version's source, and still there.`),
  ],
  running: (work: { readonly services: readonly string[]; readonly sources: readonly string[] }): string =>
    `${[
      ...(work.services.length > 0
        ? [
            `Services that run for updates only (${work.services.map((name) => code(name)).join(", ")}) run now`,
          ]
        : []),
      ...(work.sources.length > 0
        ? [`The new sources take the place of ${work.sources.map((path) => code(path)).join(", ")} now`]
        : []),
    ].join(". ")}. What comes of it is committed to this branch.`,
  failed: (because: string): string => `What runs for updates ended without a result: ${code(because)}`,
  wrongMade: "It left what is not committed: a name, a size or a digest is wrong.",
  moved: (branch: string): string => `The branch ${code(branch)} has another commit by now.`,
  unsummed: (address: string, because: string): string =>
    `The digest of ${code(address)} could not be found out: ${code(because)}`,
  vendored: (services: readonly string[]): string =>
    `The dependencies that ${services.map((name) => code(name)).join(", ")} take are those of the old version; vendor them anew and commit the archive.`,
  byHand: (mistake: string): string => `A service for updates is not run here: ${code(mistake)}.`,
  noRecipe: (word: string): string => `There is no recipe ${code(word)} here that is built as a package.`,
  which: (recipes: readonly string[]): string =>
    recipes.length === 0
      ? "There is no recipe of a package here."
      : `Which recipe is meant? There are: ${recipes.map((name) => code(name)).join(", ")}.`,
  off: (recipe: string): string =>
    `Updates are off. The config switches them on: \`updates: true\`, or an \`upstream\` for ${code(recipe)}.`,
  noUpstream: (recipe: string): string =>
    `Nothing says where the upstream of ${code(recipe)} is; name a version, or give it an \`upstream\` in the config.`,
  noRelease: (recipe: string): string => `The upstream of ${code(recipe)} has no release that counts.`,
  unasked: (recipe: string, because: string): string =>
    `The upstream of ${code(recipe)} could not be asked: ${code(because)}.`,
  notThere: (address: string, because: string): string =>
    `${code(address)} cannot be fetched: ${code(because)}.`,
  foreign: (branch: string): string =>
    `The branch ${code(branch)} has commits of somebody else's on it, and is left alone. Delete it, and ask again.`,
  refused: (because: string): string =>
    `GitHub did not take it: ${code(because)}. The app needs to be granted to write contents and pull requests.`,
  closed: (version: string, pull: number): string =>
    `${code(version)} was proposed in #${pull}, which was closed; it is not proposed again.`,
  proposed: (version: string, pull: number): string => `${code(version)} is proposed in #${pull}.`,
  already: (version: string, pull: number): string => `${code(version)} is proposed in #${pull} already.`,
  noExpression: (pattern: string): string => `${code(pattern)} is no RE2 expression.`,
  noWork: "There is nothing to be done for it.",
  noMain: "The default branch has no commits.",
  gone: (path: string): string => `${code(path)} is not on the default branch.`,
} as const;

const notRun = (services: readonly string[]): string =>
  `Services that run for updates only (${services.map((name) => code(name)).join(", ")}) were not run; run them and push their result to this branch.`;

/** The pull request that proposes an update. */
export const updatePull = {
  title: (recipe: string, version: string): string => `${recipe}: update to ${version}`,
  made: (recipe: string, version: string): string => `${recipe}: what its services make of ${version}`,
  body: (of: {
    readonly recipe: string;
    readonly was: string;
    readonly version: string;
    readonly upstream: string | undefined;
    /** Paths in which digests were renewed. */
    readonly renewed: readonly string[];
    /** What is being done by itself. */
    readonly running?: string | undefined;
    readonly undone: readonly string[];
  }): string =>
    [
      `Updates ${code(of.recipe)} from ${code(of.was)} to ${code(of.version)}.`,
      ...(of.upstream === undefined ? [] : [`The new release was found at ${code(of.upstream)}.`]),
      ...(of.renewed.length === 0
        ? []
        : [
            `Digests in ${of.renewed.map((path) => code(path)).join(", ")} are those of what is there to be fetched now; nobody has held them against what upstream announces.`,
          ]),
      ...(of.running === undefined ? [] : [of.running]),
      ...(of.undone.length === 0
        ? []
        : [["**Left to do:**", "", ...of.undone.map((line) => `- ${line}`)].join("\n")]),
      "It is built like any other pull request. To turn this version down, close it; to take the branch over, push to it.",
    ].join("\n\n"),
} as const;
