import type { Published } from "./published.ts";

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
    ...images.flatMap(({ path, newest }) => (newest === undefined ? [] : [[`image ${newest}`, path]])),
  ]);
}
