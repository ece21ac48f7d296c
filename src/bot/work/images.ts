import { isBootable } from "../../pipelines/manifest/boot.ts";
import type { Description } from "../../pipelines/kiwi/description.ts";
import { expand } from "../../pipelines/kiwi/expand.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { Mistake } from "../../pipelines/xml.ts";
import type { RuledRecipe } from "../config/recipes.ts";
import type { Trees } from "./trees.ts";

/** What is known of images when it is decided which are made. */
export interface Images extends Trees {
  /** The descriptions of a commit by their paths, as they were read. */
  readonly described: ReadonlyMap<string, Description | Mistake>;
}

/**
 * One description on one target and arch as the images that it makes there. Of one that cannot be read there is a single
 * job all the same: its source stage tells at which line it is wrong.
 */
export function imagesOf(
  { recipe, profiles, types, boot }: RuledRecipe,
  { described, targets }: Images,
  work: Work,
): readonly Work[] {
  const { target, arch } = work;
  if (!targets[target]?.kiwi?.images[arch]) return [];
  const description = described.get(recipe.path);
  if (!description || "sentence" in description) return [work];
  const images = expand(description, { arch, profiles, types });
  if ("sentence" in images) return [work];
  // Where nothing can boot them, nothing is promised.
  const budget = targets[target].kiwi.boot?.[arch] ? boot : undefined;
  return images.map(({ manager, ...image }) => ({
    ...work,
    ...image,
    ...(manager && {
      manager: { name: manager.name, at: `${manager.path ?? recipe.path}:${manager.line}` },
    }),
    ...(budget && isBootable(image.type) && { boot: budget }),
  }));
}
