import { code } from "../markdown/markdown.ts";

type Who = "anyone" | "contributor" | "committer";

/** What `/help` says of each command. */
export const does = {
  build: "builds this pull request again: everything, or the named arches and recipes",
  update: "proposes a recipe's newest upstream release, or the version named, as a pull request",
  retry: "tries again what failed, or one job",
  cancel:
    "stops everything that runs for this pull request, or one job; committers: a release on its way (`release/20261121_02`)",
  ack: "consents to building one commit: the head, or the named one",
  nack: "objects to this pull request until the same person ACKs it",
  nightly: "builds the next numbered release of a nightly channel now, if anything changed",
  promote:
    "brings an accepted release to the channel that is promoted from its own, built once more under the same number; `--security`: before all that mends nothing",
  rollback: "publishes what an older release of the channel brought once more, under a new number",
  pin: "keeps a release of the channel, and tells where it has its own repository file",
  accept: "lets a promotion go on that differs from what was tested",
  drop: "gives such a promotion up",
  unpin: "leaves a pinned release to the channel's retention again",
  why: "tells what was decided and by which rule, for all, for one job, for a release (`release/20261121_02`), or why a recipe of a channel was built again or not (`devel/greet`)",
  eta: "tells what is waited for, and about how long",
  help: "shows this list",
} as const;

/** Why a command's words were not taken. */
export const wrongs = {
  tooMany: (usage: string): string => `There are too many words; it is ${code(usage)}.`,
  tooFew: (usage: string): string => `There are too few words; it is ${code(usage)}.`,
  tooLong: (max: number): string => `A name has at most ${max} characters.`,
  noSha: (word: string): string =>
    `${code(word)} is no commit: it takes 7 to 40 of the characters 0-9 and a-f, in lower case.`,
  noNumber: `The number of a release is missing, such as ${code("/promote 20261121_02")}.`,
  otherNumber: (word: string): string =>
    `${code(word)} is no number of a release: those look like ${code("20261121_02")}.`,
  otherArch: (word: string, nearest: string | undefined): string =>
    nearest === undefined
      ? `Nothing is built for ${code(word)} here.`
      : `${code(word)} is another arch than ${code(nearest)}, and not built here. Was ${code(nearest)} meant?`,
} as const;

const WHO: Readonly<Record<Who, string>> = {
  anyone: "anyone",
  contributor: "the author and committers",
  committer: "committers",
};

interface Entry {
  readonly usage: string;
  readonly does: string;
  readonly who: Who;
}

/** What the documentation says besides. */
export const onCommandLine = `
## On the command line

\`millwright update <recipe> [version]\` (\`npm run update -- …\`) does in a working copy what \`/update\` proposes: it rewrites the spec, its
\`_service\` and the changelog, renews digests, and runs the services that are for updates; \`--help\` tells the rest.
`;

/** The list of commands. */
export const helpPage = (entries: readonly Entry[]): string =>
  [
    "A command is a line of its own in a new comment, outside quotes and code; a comment may hold several.",
    "",
    "| command | what it does | who may |",
    "|---|---|---|",
    ...entries.map(({ usage, does, who }) => `| ${code(usage)} | ${does} | ${WHO[who]} |`),
    "",
  ].join("\n");
