import { type Job, type Run, slug } from "./run.ts";

/**
 * What a build is made from, as a key: equal inputs in an equally trusted zone need no second build. The
 * release suffix is not among them, or every commit would differ; whether there is one is: what is promoted has none,
 * and takes nothing that has.
 */
export const inputsKey = (
  run: {
    readonly zone: Run["zone"];
    readonly repo: Pick<Run["repo"], "id">;
    readonly trigger: Pick<Run["trigger"], "kind">;
  },
  job: Job,
  inputs: { readonly bundle: string; readonly image: string },
) =>
  `built/${run.zone}${run.trigger.kind === "promotion" ? "-released" : ""}/${run.repo.id}/${slug(job.recipe.path)}/${slug(job.target)}/${job.arch}${kindOf(job)}/${slug(inputs.image)}/${inputs.bundle}`;

/** Two images of one description are two things; no slug holds a colon. */
const kindOf = ({ recipe, profile = "", type = "" }: Job): string =>
  recipe.kind === "rpm" ? "" : `/${recipe.kind}:${slug(profile)}:${slug(type)}`;
