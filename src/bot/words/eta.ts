import type { Run } from "../../pipelines/run.ts";

export const eta = (run: Run): string => `${run.jobs.length} jobs.`;
