import type { Run } from "./run.ts";
import type { File, Stage } from "./stage.ts";

/** A file of an image that a publish stage takes up, as the record knows it. */
interface ImageOffer {
  readonly job: string;
  /** The run that built it. */
  readonly run: string;
  readonly arch: string;
  readonly target: string;
  readonly file: File;
  readonly key: string;
}

/** What kiwi told of its results, for people who ask. */
const RESULT = "kiwi.result.json";

/** The images that the passed builds of a publish stage left. A pull request's are looked at in its results. */
export function imageOffers(run: Run, stage: Stage): readonly ImageOffer[] {
  if (run.trigger.kind === "pull") return [];
  const needed = new Set(stage.needs.map((need) => need.stage));
  return run.jobs.flatMap(({ name, arch, target, recipe, build: by, check }) => {
    const build = run.stages.find((one) => one.name === by);
    const { prefix } = build ?? {};
    const isChecked = check === undefined || isPassed(run, check);
    if (
      recipe.kind !== "image" ||
      !isChecked ||
      !needed.has(by) ||
      build?.state !== "passed" ||
      prefix === undefined
    )
      return [];
    return imagesOf(build).map((file) => ({
      job: name,
      run: run.id,
      arch,
      target,
      file,
      key: prefix + file.name,
    }));
  });
}

/** The files of an image's build that are published: images, and what tells of them. */
export const imagesOf = ({ files = [] }: Pick<Stage, "files">): readonly File[] =>
  files.filter(({ name }) => name !== RESULT);

/** An image that does not come up is not published. */
const isPassed = (run: Run, stage: string): boolean =>
  run.stages.some(({ name, state }) => name === stage && state === "passed");

/** As the publish stage's manifest has them: to be read at `url`, and to be copied from the bucket where results lie. */
export const imagesTold = (
  offers: readonly (ImageOffer & { readonly url: string })[],
  { bucket, run: own }: { readonly bucket: string; readonly run: string },
) =>
  offers.map(({ job, run, arch, target, file, url, key }) => ({
    job,
    ...(run !== own && { run }),
    arch,
    target,
    ...file,
    url,
    from: { bucket, key },
  }));
