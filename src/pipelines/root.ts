import type { Deployment } from "./deployment.ts";
import type { Job } from "./run.ts";

/** The root that a job's build runs in, as a container image: that of its target, or of what makes its images or trees. */
export function rootOf(
  targets: Deployment["targets"],
  job: Pick<Job, "recipe" | "target" | "arch" | "emulation" | "from" | "type">,
): string | undefined {
  const { target, arch, emulation } = job;
  const of = targets[target];
  if (!of) return undefined;
  if (job.from !== undefined || job.recipe.kind !== "rpm") return makerOf(of, job)[arch];
  return (emulation === "plain" ? undefined : of.accelerated?.[arch]) ?? of.images[arch];
}

type Images = Readonly<Partial<Record<Job["arch"], string>>>;

/** What makes images and trees of a target. */
function makerOf(
  { tree, kiwi }: Deployment["targets"][string],
  { recipe, from, type }: Pick<Job, "recipe" | "from" | "type">,
): Images {
  if (from !== undefined) return tree?.derived?.images ?? {};
  if (recipe.kind === "tree") return tree?.images ?? {};
  return { ...kiwi?.images, ...(isOnLoops(type) && kiwi?.disks) };
}

/** kiwi's types that it makes without a loop device. */
const FROM_FILES: ReadonlySet<string> = new Set(["appx", "cpio", "docker", "oci", "squashfs", "tbz"]);

const isOnLoops = (type: string | undefined): boolean => type !== undefined && !FROM_FILES.has(type);

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
