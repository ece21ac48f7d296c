import type { Deployment } from "../../pipelines/deployment.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { Inputs } from "../../pipelines/release/release.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Config } from "../config/config.ts";

/** Work for a channel, built with nothing but emulated programs where its rules say so. */
export function workForChannel(
  { channels = {} }: Pick<Config, "channels">,
  channel: string | undefined,
  work: readonly Work[],
): readonly Work[] {
  const rule = channel !== undefined && Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  return rule?.emulation === "plain" ? work.map((one) => ({ ...one, emulation: "plain" })) : work;
}

/** What a promotion is made of, on plain roots: where it was tested on an accelerated one, its twin of today. */
export const plainInputs = (
  targets: Deployment["targets"],
  { sha, jobs }: Inputs,
  tested: Pick<Run, "jobs"> | undefined,
): Inputs => ({
  sha,
  jobs: jobs.map((job) => {
    const isPlain = tested?.jobs.some(
      (one) =>
        one.recipe.path === job.recipe.path &&
        one.target === job.target &&
        one.arch === job.arch &&
        one.emulation === "plain",
    );
    if (isPlain) return job;
    const of = targets[job.target];
    const accelerated = of?.accelerated?.[job.arch];
    const plain = of?.images[job.arch];
    if (job.recipe.kind !== "rpm" || plain === undefined || accelerated === undefined) return job;
    return { ...job, image: plain };
  }),
});
