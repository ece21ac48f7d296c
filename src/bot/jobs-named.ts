import type { Job, Run } from "../pipelines/run.ts";

/** The jobs that a word means: the job of this name, or all of a recipe, target or arch. */
export function jobsNamed(run: Pick<Run, "jobs">, word: string): readonly Job[] {
  const exact = run.jobs.filter(({ name }) => name === word);
  if (exact.length > 0) return exact;
  return run.jobs.filter(
    ({ recipe, target, arch }) =>
      recipe.name === word || recipe.path === word || target === word || arch === word,
  );
}
