import type { Job, Run } from "../../pipelines/run.ts";

/** The jobs that a word means: the job of this name, or all of a recipe, target, arch, profile or type. */
export function jobsNamed(run: Pick<Run, "jobs">, word: string): readonly Job[] {
  const exact = run.jobs.filter(({ name }) => name === word);
  if (exact.length > 0) return exact;
  return run.jobs.filter(({ recipe, target, arch, profile, type }) =>
    [recipe.name, recipe.path, target, arch, profile, type].includes(word),
  );
}
