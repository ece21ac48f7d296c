import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { imageManifest } from "../../pipelines/manifest/image.ts";
import { type Manager, repositoriesFor } from "../../pipelines/kiwi/repository.ts";
import { imageOffers, imagesTold } from "../../pipelines/image-offers.ts";
import { buildManifest } from "../../pipelines/manifest/manifest.ts";
import type { Job, Run } from "../../pipelines/run.ts";
import { treeManifest, treeOffers, treesTold } from "../../pipelines/manifest/tree.ts";
import type { OrderPorts } from "./order.ts";

/** What a build is told: of an image as what it is made, of a tree how it is composed, and on what. */
export function manifestOf(
  { deployment, mirror }: Pick<OrderPorts, "deployment" | "mirror">,
  { run, job }: { readonly run: Run; readonly job: Job },
  world: Omit<Parameters<typeof buildManifest>[2], "mirror">,
): string {
  const { kiwi, tree: composing } = deployment.targets[job.target] ?? {};
  if (job.recipe.kind === "image" && kiwi)
    return imageManifest(run, job, {
      ...world,
      repositories: repositoriesFor(job.manager, kiwi.repositories),
    });
  if (job.recipe.kind !== "tree" || !composing)
    return buildManifest(run, job, { ...world, mirror: mirror.url });
  const { attempt, bundle, upload } = world;
  return treeManifest(run, job, { attempt, bundle, upload, composing, mirror: mirror.url });
}

/** The package manager of an image for which its target has no repository. */
export function noRepository({ targets }: OrderPorts["deployment"], job: Job): Manager | undefined {
  const { recipe, from, target, type, manager } = job;
  // What makes nothing is told of by its build.
  if (recipe.kind !== "image" || from !== undefined || type === undefined) return undefined;
  const all = targets[target]?.kiwi?.repositories;
  if (!all || repositoriesFor(manager, all).length > 0) return undefined;
  return manager ?? { name: "dnf", at: recipe.path };
}

/** What is wrong in the treefile that a source stage is for. */
export function wrongTree(run: Run, stage: string): string | undefined {
  const trees = run.jobs.filter(({ source }) => source === stage).map(({ tree }) => tree);
  return trees.flatMap((tree) => (tree && "wrong" in tree ? [tree.wrong] : []))[0];
}

/** The trees of publications, lent for so many seconds. */
export async function lendTrees(
  { blobs }: Pick<OrderPorts, "blobs">,
  publications: readonly Waiting[],
  seconds: number,
): Promise<ReturnType<typeof treesTold>> {
  const trees = publications.flatMap(({ run, stage }) => treeOffers(run, stage));
  return treesTold(
    await Promise.all(trees.map(async (tree) => ({ ...tree, url: await blobs.lend(tree.key, seconds) }))),
  );
}

/** The images of publications, lent for so many seconds, with what they are in the bucket of results. */
export async function lendImages(
  { blobs, staging }: Pick<OrderPorts, "blobs" | "staging">,
  publications: readonly [Waiting, ...Waiting[]],
  seconds: number,
): Promise<ReturnType<typeof imagesTold>> {
  const images = publications.flatMap(({ run, stage }) => imageOffers(run, stage));
  const lent = images.map(async (image) => ({ ...image, url: await blobs.lend(image.key, seconds) }));
  return imagesTold(await Promise.all(lent), { bucket: staging, run: publications[0].run.id });
}
