import { code } from "../markdown/markdown.ts";

/** What is said of releases that are kept. */

interface Named {
  readonly channel: string;
  readonly number: string;
}

/** Target -> the address of the release's own repository file. */
type Addresses = Readonly<Record<string, string>>;

export const pinAnswers = {
  pinned: ({ channel, number }: Named, by: string, addresses: Addresses): string =>
    [
      `${code(number)} of ${code(channel)} is kept until ${code(`/unpin ${channel} ${number}`)}; ${code(by)} asked for it.`,
      ...list(addresses),
    ].join("\n\n"),
  unpinned: ({ channel, number }: Named): string =>
    `${code(number)} of ${code(channel)} is no longer pinned. It goes when the channel's retention says so.`,
  notPinned: ({ channel, number }: Named): string =>
    `Nothing to do: ${code(number)} of ${code(channel)} is not pinned.`,
  notPublished: ({ channel, number }: Named): string =>
    `Not done: ${code(channel)} has published no release ${code(number)}.`,
} as const;

function list(addresses: Addresses): readonly string[] {
  const lines = Object.entries(addresses).map(([target, url]) => `- ${code(target)}: ${code(url)}`);
  return lines.length > 0 ? [`To stay with it, take its own repository file:\n\n${lines.join("\n")}`] : [];
}
