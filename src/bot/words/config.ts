import { code } from "../markdown/markdown.ts";
import type { ConfigProblem } from "../config/config.ts";

/** Mistakes in the config's text, before any key is looked at. */
export const mistakes = {
  tooLong: (characters: number) => `The file has more than ${characters} characters.`,
  tooDeep: "The file nests deeper than any config does.",
  encoding: "A character that no UTF-8 text file holds; save the file as UTF-8.",
  returns: "A line ends in CR alone; lines end in LF or CR LF.",
  alias: "Aliases are not allowed here; write the value out.",
  anchor: "Anchors are not allowed here.",
  tag: "Tags are not allowed here; every value is plain text.",
  merge: "Merge keys are not allowed here; write the keys out.",
  twice: (key: string) => `${key} stands here for the second time.`,
  keyShape: "A key must be plain text on one line.",
  proto: "__proto__ is no name for anything.",
  documents: "A second document begins here; the config is one.",
  tab: "A tab indents this line; YAML is indented by spaces.",
  unclosed: "What is opened before here (a bracket or brace) is not closed, or is indented wrongly.",
  quote: "A quoted text is not closed.",
  start: "A value that begins with @, ` or % must stand in quotes.",
  nested: "A value that holds a colon and a space must stand in quotes; a map begins on its own line.",
  indented: "This line is indented in another way than those it belongs with.",
  escape: "No such escape in double quotes; single quotes take a backslash as it is.",
  syntax: (message: string) => `No YAML: ${message}`,
  more: (count: number) => `And ${count} more.`,
} as const;

/** What is wrong with a value. */
export const values = {
  time: (text: string) => `${JSON.stringify(text.slice(0, 40))} is not a time of day like 02:30.`,
  unknown: "nothing of this name is known here",
  missing: "is missing",
  empty: "is empty: give it a value or leave the key out",
  expected: (wanted: string, found: string) => `must be ${wanted}, and is ${found}`,
  oneOf: (text: string, known: readonly string[]) => `"${short(text)}" is none of ${known.join(", ")}`,
  otherArch: (text: string, known: readonly string[]) =>
    `${short(text)} is no arch here; ${known.join(", ")} are`,
  id: (text: string) => `"${short(text)}" is not a numeric GitHub id`,
  whole: (text: string, from: number, to: number) =>
    `"${short(text)}" is not a whole number from ${from} to ${to}`,
  flag: (text: string) => `"${short(text)}" is neither true nor false`,
  long: (characters: number) => `has more than ${characters} characters`,
  controls: "holds a control character or line end",
  wild: "names a file or folder as it is: `*`, `?` and `\\` mean nothing here, and a folder stands for all below it",
  path: "must be a path from the root of the repository, without `.`, `..` and empty parts",
  mail: (text: string) => `"${short(text)}" is not a plain mail address`,
  channel:
    "a channel's name has letters, digits, `.`, `_` and `-` only, at most 40, and begins with a letter",
  repoName: "must be a repository on GitHub, as `owner/name`",
  https: "must begin with https://",
  expression:
    "is no RE2 expression; RE2 has no lookaround and no backreferences, and a backslash in double quotes must be doubled",
  noGroup: "has no group: the version is what its first group catches, as in `v(.*)`",
  oneUpstream: "stands beside another one: a recipe has one upstream",
  reserved: "`pr` is where pull requests have their channels",
  fed: (branch: string, channel: string) => `the branch ${short(branch)} feeds ${channel} already`,
  twoFeeds: "stands beside `branch`, and a channel is fed by one of them",
  nightPromoted: "goes with `branch` only: what is promoted from another channel has no hour of its own",
  onlyPushed:
    "goes with a `branch` whose pushes are published: nights and promotions build all that they are made of",
  noFeed: "is missing; give it, or the channel that this one is promoted from as `from`",
  onlyPromoted: "goes with `from` only",
  noChannel: (name: string, known: readonly string[]) =>
    known.length === 0
      ? `no channel is called ${short(name)}`
      : `no channel is called ${short(name)}; ${known.slice(0, 10).map(short).join(", ")} ${known.length === 1 ? "is" : "are"} there`,
  cycle: (channel: string) => `leads back to ${short(channel)}: the first of a chain is a nightly channel`,
  noNumbers: (channel: string) =>
    `${short(channel)} is fed by each push and has no numbers; give it a \`nightly\` hour, or name a nightly channel`,
  sharedTags: (tags: string, channel: string) =>
    `tags that begin with ${short(tags)} promote to ${short(channel)} already`,
  day: (text: string) => `${JSON.stringify(text.slice(0, 40))} is not a day like 2027-12-31`,
  range: (text: string) =>
    `${JSON.stringify(text.slice(0, 40))} is no range of versions like 1.22 or ">=1.22 <2"`,
  tags: "is no beginning of a tag's name: at most 60 letters, digits, `.`, `_`, `-`, `+` and single `/`, and first a letter or digit",
  many: (most: number) => `has more than ${most} entries`,
  noArch: (target: string, known: readonly string[]) =>
    `${short(target)} is not built on this arch here; it is on ${known.join(", ")}`,
  unasked: (known: readonly string[]) =>
    `is none of this repository's targets: ${known.map(short).join(", ")}`,
  nothingLeft: "asks for no arch that its targets have; to build nothing of it, say skip: true",
  noFile: (path: string) => `${short(path)} is not there at this commit`,
  noRecipe: (path: string) => `${short(path)} is no recipe; it must be a *.spec, a *.kiwi or a config.xml`,
  nobodysName: "no recipe of this name was found; give its path",
  samePath: (other: string) => `${short(other)} has this path already`,
  sameName: (path: string) => `${short(path)} goes by this name too; give that one a name as well`,
} as const;

/** What a value is to be, or was. */
export const shapes = {
  map: "a map",
  list: "a list",
  text: "plain text",
  arches: "a list of arches or a map of arch to tier",
  other: "a list of something else",
} as const;

/** A mistake as a line of Markdown. */
export const problemLine = ({ line, column, because, suggestion }: ConfigProblem): string =>
  `- line ${line}, column ${column}: ${code(because)}${suggestion === undefined ? "" : `. Did you mean ${code(suggestion)}?`}`;

/** A mistake as the plain text of an annotation. */
export const problemText = ({ because, suggestion }: ConfigProblem): string =>
  suggestion === undefined ? because : `${because}. Did you mean ${suggestion}?`;

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
