import type { Deployment } from "./deployment.ts";
import type { Job } from "./run.ts";

/** The root that a job's build runs in, as a container image: that of its target, or of what makes its images or trees. */
export function rootOf(
  targets: Deployment["targets"],
  { recipe, target, arch, emulation }: Pick<Job, "recipe" | "target" | "arch" | "emulation">,
): string | undefined {
  const of = targets[target];
  if (recipe.kind === "image") return of?.kiwi?.images[arch];
  if (recipe.kind === "tree") return of?.tree?.images[arch];
  return (emulation === "plain" ? undefined : of?.accelerated?.[arch]) ?? of?.images[arch];
}

/** Does its build depend on more than its sources? Images and trees take the packages of the day. */
export const isAlone = ({ recipe }: Pick<Job, "recipe">): boolean => recipe.kind !== "rpm";
