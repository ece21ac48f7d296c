import type { Job } from "./run.ts";

/** The stages of a job, in the order in which they are gone through. */
export const stagesOf = ({ source, build, check }: Pick<Job, "source" | "build" | "check">) =>
  check === undefined ? [source, build] : [source, build, check];

/** Those of them that are its own, and that it is published by. */
export const ownStages = ({ build, check }: Pick<Job, "build" | "check">): readonly string[] =>
  check === undefined ? [build] : [build, check];
