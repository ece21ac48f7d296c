import { code } from "../markdown/markdown.ts";

/** Where a release is, once it is published: for who follows the channel, and for who wants this one and no other. */
export const released = (
  number: string,
  places: readonly { readonly target: string; readonly channel: string; readonly own: string }[],
): string =>
  [
    "**Published.** The channel's repository file, and the one that stays with this release:",
    places
      .map(
        ({ target, channel, own }) =>
          `- ${code(target)}: ${code(channel)}\n  - ${code(number)} alone: ${code(own)}`,
      )
      .join("\n"),
  ].join("\n\n");
