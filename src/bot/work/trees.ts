import type { Deployment } from "../../pipelines/deployment.ts";
import type { Work } from "../../pipelines/plan.ts";
import { Arch } from "../../pipelines/run.ts";
import { expandTree } from "../treefile/expand.ts";
import type { Treefiles } from "../treefile/includes.ts";

/** What is known of trees when it is decided which are composed. */
export interface Trees {
  /** The treefiles of a commit by their paths, as they were read; absent: nobody has read them. */
  readonly treefiles?: Treefiles | undefined;
  readonly targets: Deployment["targets"];
}

/** One treefile on one target and arch as the tree that is composed there. One that cannot be read fails as a job of its own. */
export function treesOf({ treefiles, targets }: Trees, work: Work): readonly Work[] {
  const { target, arch, recipe } = work;
  if (!targets[target]?.tree?.images[arch]) return [];
  if (!treefiles) return [work];
  const tree = expandTree(recipe.path, { arch, files: treefiles });
  if ("sentence" in tree)
    return [{ ...work, tree: { wrong: `${tree.path}:${tree.line}: ${tree.sentence}` } }];
  const { ref, packages } = tree;
  return isElsewhere(ref, arch) ? [] : [{ ...work, tree: { ref, packages } }];
}

/** A ref that names an arch is for that one alone. */
const isElsewhere = (ref: string, arch: Arch): boolean => {
  const parts = ref.split("/");
  return !parts.includes(arch) && Arch.options.some((other) => parts.includes(other));
};
