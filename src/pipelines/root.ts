import type { Deployment } from "./deployment.ts";
import type { Job } from "./run.ts";

/** The root that a job's build runs in, as a container image: that of its target, or of what makes its images or trees. */
export function rootOf(
  targets: Deployment["targets"],
  { recipe, target, arch, emulation, from }: Pick<Job, "recipe" | "target" | "arch" | "emulation" | "from">,
): string | undefined {
  const of = targets[target];
  if (from !== undefined || recipe.kind !== "rpm")
    return makerOf(of, { kind: recipe.kind, from })?.images[arch];
  return (emulation === "plain" ? undefined : of?.accelerated?.[arch]) ?? of?.images[arch];
}

/** What makes images and trees of a target. */
function makerOf(
  of: Deployment["targets"][string] | undefined,
  { kind, from }: Pick<Job["recipe"], "kind"> & Pick<Job, "from">,
) {
  if (from !== undefined) return of?.tree?.derived;
  return kind === "image" ? of?.kiwi : of?.tree;
}

/** The root that an image is booted in, as a container image; absent: it is not booted. */
export function bootRootOf(
  targets: Deployment["targets"],
  { target, arch, from }: Pick<Job, "target" | "arch" | "from">,
): string | undefined {
  const { kiwi, tree } = targets[target] ?? {};
  return (from === undefined ? kiwi : tree?.derived)?.boot?.[arch];
}

/** Does its build depend on more than its sources? Images and trees take the packages of the day. */
export const isAlone = ({ recipe }: Pick<Job, "recipe">): boolean => recipe.kind !== "rpm";
