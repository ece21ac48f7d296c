import type { GitHub } from "../local/github/github.ts";
import type { RootArch } from "../local/distribution/build-root.ts";
import { almanacFiles } from "./almanac.ts";
import { askChapter } from "./ask-chapter.ts";
import { failureChapter } from "./failure-chapter.ts";
import { greetOwn, greetSpec } from "./greet.ts";
import { mergeChapters, type Own } from "./merge-chapter.ts";
import { RELEASE_RULES, releaseChapter } from "./release-chapter.ts";
import { rulesChapter } from "./rules-chapter.ts";
import type { Chapter } from "./stage.ts";
import { strangerChapter } from "./stranger-chapter.ts";
import { treeChapter } from "./tree-chapter.ts";
import { UPSTREAM_RULE, upstreamChapter } from "./upstream-chapter.ts";
import { foundUpstream, settle, type Town } from "./town.ts";

/** Where a story begins, and its chapters in their order. */
export interface Story {
  readonly found: (github: GitHub) => Promise<Town>;
  readonly chapters: readonly Chapter[];
}

/** Greet moves to another version, and people have ideas about the almanac. The first of the arches is required. */
export async function greetStory(arches: readonly RootArch[]): Promise<Story> {
  const { first, last } = mergeChapters(await greetOwn(), arches);
  const rules = `recipes:\n  almanac: { arches: [${arches[0]}] }\n  greet: { paths: [greet.spec], ${UPSTREAM_RULE} }\n${RELEASE_RULES}`;
  return {
    found: async (github) => {
      await foundUpstream(github);
      return settle(github, { "greet.spec": await greetSpec(), ...(await almanacFiles()) }, rules);
    },
    chapters: [
      first,
      strangerChapter,
      askChapter(arches),
      failureChapter,
      rulesChapter(arches, rules),
      ...last,
      upstreamChapter(arches),
      releaseChapter(arches),
      treeChapter(arches),
    ],
  };
}

/** Somebody's own recipe comes into an empty repository. */
export function recipeStory(own: Own, arches: readonly RootArch[]): Story {
  const { first, last } = mergeChapters(own, arches);
  return { found: (github) => settle(github, {}), chapters: [first, ...last] };
}
