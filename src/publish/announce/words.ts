import type { Listed, Releases } from "./releases.ts";

/** What the feed and the calendar of a channel say; plain text. */
export const words = {
  title: ({ repository, channel }: Releases): string => `${repository} ${channel}: releases`,
  about: ({ repository, channel }: Releases): string =>
    `What Millwright has published to the channel ${channel} of ${repository}.`,
  release: ({ repository, channel }: Releases, { release, ...one }: Listed): string => {
    const to = one["rollback-to"];
    const back = one["rolled-back-by"];
    const more = to !== undefined ? `, back to ${to}` : back !== undefined ? ", rolled back" : "";
    return `${repository} ${channel} ${release}${more}`;
  },
  endOfLife: ({ repository, channel }: Releases): string => `${repository} ${channel}: end of support`,
  facts: (one: Listed): readonly string[] => {
    const [to, back, until] = [one["rollback-to"], one["rolled-back-by"], one["support-until"]];
    return [
      `Commit ${one.commit.slice(0, 10)} of ${one.branch}${one.from === undefined ? "" : `, promoted from ${one.from}`}.`,
      ...(to === undefined ? [] : [`It brings back what ${to} had.`]),
      ...(back === undefined ? [] : [`It was taken back by ${back}.`]),
      ...(until === undefined ? [] : [`Supported until ${until}.`]),
    ];
  },
  changes: ({ changed, previous }: Listed): string => {
    if (previous === undefined) return "The first release of this channel.";
    return changed === 0 ? `The versions are those of ${previous}.` : `What changed since ${previous}:`;
  },
  more: (count: number): string => `and ${count} more`,
  install: "How to get it:",
  pinned: "stays at this release",
} as const;

/** One change in a line. */
export function changeLine({ kind, source, from = "", to = "" }: Listed["changes"][number]): string {
  switch (kind) {
    case "added":
      return `${source} ${to} is new`;
    case "updated":
      return `${source} ${from} -> ${to}`;
    case "removed":
      return `${source} ${from} is left out`;
    default:
      return kind satisfies never;
  }
}
