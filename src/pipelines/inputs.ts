import { BUNDLE } from "./manifest/manifest.ts";
import type { Deployment } from "./deployment.ts";
import { isAlone, rootOf } from "./root.ts";
import { layersKey } from "./layer.ts";
import { type Job, type Run, slug } from "./run.ts";
import { toolsKey } from "./toolchain.ts";
import type { Stage } from "./stage.ts";

/** The script that builds packages: the first half of the SHA-256 of `buildspecs/build-rpm.yml`, in hex. */
export const SCRIPT = "a43295f507dd5306";

export interface Inputs {
  /** SHA-256 in hex of the bundle of sources, with the spec and its macros. */
  readonly bundle: string;
  /** The build root, with all its packages. */
  readonly image: string;
  /** SHA-256 in hex of what else it is built with: the outputs of recipes that it needs. */
  readonly needs?: string | undefined;
}

/**
 * All that a build is made from, as a key: equal inputs in an equally trusted zone need no second build. The
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
  { bundle, image, needs }: Inputs,
) =>
  `built/${run.zone}${run.trigger.kind === "promotion" ? "-released" : ""}/${run.repo.id}/${slug(job.recipe.path)}/${slug(job.target)}/${job.arch}${kindOf(job)}/${SCRIPT}/${slug(image)}/${toolsOf(job)}${needs === undefined ? "" : `${needs}/`}${bundle}`;

/** What its root gets besides. No slug holds a colon. */
const toolsOf = ({ tools, layers }: Pick<Job, "tools" | "layers">): string =>
  [
    ...(tools === undefined ? [] : [`tools:${slug(toolsKey(tools))}/`]),
    ...(layers === undefined ? [] : [`layers:${slug(layersKey(layers))}/`]),
  ].join("");

/** Two images of one description are two things; no slug holds a colon. */
const kindOf = ({ recipe, profile = "", type = "" }: Job): string =>
  recipe.kind === "rpm" ? "" : `/${recipe.kind}:${slug(profile)}:${slug(type)}`;

/** The key of a build of a run, as its record has it; `undefined` for what is never the same twice, or not known yet. */
export function inputsOf(
  targets: Deployment["targets"],
  run: Run,
  { name, kind, image: told }: Stage,
): string | undefined {
  const job = kind === "build" ? run.jobs.find(({ build }) => build === name) : undefined;
  if (!job || isAlone(job)) return undefined;
  const source = run.stages.find((one) => one.name === job.source);
  const bundle = source?.files?.find((file) => file.name === BUNDLE)?.sha256;
  const image = told ?? job.image ?? rootOf(targets, job);
  const needs = job.again?.needs;
  return image === undefined || bundle === undefined
    ? undefined
    : inputsKey(run, job, { bundle, image, needs });
}
