import type { Published } from "./published.ts";

/** A channel of images alone has no repository file to be known by. */
const channelOf = (images: NonNullable<Published["images"]>): readonly string[] =>
  images.flatMap(({ told, path }) => (told ? [told.location.slice(0, -path.length - 1)] : [])).slice(0, 1);

/** The few words that people want to read of a publication: where each target is, and its snapshot. */
export function factsOf({ targets, trees = [], images = [] }: Published): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...targets.flatMap(({ target, repo, snapshot }) => [
      [`repository for ${target}`, repo],
      [`snapshot of ${target}`, snapshot],
    ]),
    ...trees.flatMap(({ ref, commit, composed }) => [
      [`commit of ${ref}`, commit],
      ...(composed === undefined ? [] : [[`composed for ${ref}, before others were published`, composed]]),
    ]),
    ...(targets.length === 0 ? channelOf(images).map((url) => ["channel", url]) : []),
    ...images.flatMap(({ path, newest }) => (newest === undefined ? [] : [[`image ${newest}`, path]])),
  ]);
}
