import type { Deployment } from "./deployment.ts";
import type { Job } from "./run.ts";

/** The root that a job's build runs in, as a container image: that of its target, or of what composes its target's trees. */
export function rootOf(
  targets: Deployment["targets"],
  { recipe, target, arch }: Pick<Job, "recipe" | "target" | "arch">,
): string | undefined {
  const of = targets[target];
  return recipe.kind === "tree" ? of?.tree?.images[arch] : of?.images[arch];
}

/** Does its build depend on more than its sources? A tree follows the one that is published, and takes the packages of the day. */
export const isAlone = ({ recipe }: Pick<Job, "recipe">): boolean => recipe.kind === "tree";
