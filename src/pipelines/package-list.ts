import { z } from "zod";
import { type Job, slug } from "./run.ts";

/** The packages of the last build on its way to a channel: name -> versions, sorted. */
export const PackageList = z.readonly(
  z.strictObject({
    v: z.literal(1),
    attempt: z.string(),
    at: z.string(),
    packages: z.record(z.string(), z.string()),
  }),
);
export type PackageList = z.infer<typeof PackageList>;

/** A list of each image and tree of a recipe. */
export const packagesKey = (
  repo: number,
  {
    recipe,
    target,
    arch,
    profile = "",
    type = "",
  }: Pick<Job, "recipe" | "target" | "arch" | "profile" | "type">,
): string =>
  `history/${repo}/${slug(recipe.path)}/${slug(target)}-${arch}/${slug(profile)}:${slug(type)}.packages.json`;

/** The list that is to be kept of two: the newer one. */
export const newerList = (was: PackageList | undefined, now: PackageList): PackageList =>
  was && (was.at > now.at || was.attempt === now.attempt) ? was : now;
