import { z } from "zod";
import { Repo } from "./repo.ts";

/** What the queue of stages carries: a pool to look at, or a build to stop. Small, ours, with a version. */
export const StagesMessage = z.union([
  z.strictObject({ v: z.literal(1), pool: z.string() }),
  z.strictObject({ v: z.literal(1), stop: z.string() }),
]);
export type StagesMessage = z.infer<typeof StagesMessage>;

/** What the queue of reports carries: a run, or the comment on a pull request, to show as it is by then. */
export const ReportsMessage = z.union([
  /** `again`: also when GitHub shows the record as it is, since what it waits for has changed. */
  z.strictObject({ v: z.literal(1), run: z.string(), again: z.optional(z.literal(true)) }),
  z.strictObject({ v: z.literal(1), repo: Repo, pull: z.int() }),
]);
export type ReportsMessage = z.infer<typeof ReportsMessage>;
