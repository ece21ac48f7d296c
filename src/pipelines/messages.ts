import { z } from "zod";

/** What the queue of stages carries: a pool to look at, or a build to stop. Small, ours, with a version. */
export const StagesMessage = z.union([
  z.strictObject({ v: z.literal(1), pool: z.string() }),
  z.strictObject({ v: z.literal(1), stop: z.string() }),
]);
export type StagesMessage = z.infer<typeof StagesMessage>;

/** What the queue of reports carries: the run to show as it is by then. */
export const ReportsMessage = z.strictObject({ v: z.literal(1), run: z.string() });
export type ReportsMessage = z.infer<typeof ReportsMessage>;
