import { z } from "zod";

/** A remark at a line of a file in the repository, for GitHub to show beside it. `line` counts from 1. */
export const Annotation = z.readonly(
  z.strictObject({
    path: z.string(),
    line: z.int(),
    /** What the log says, in its own words. */
    message: z.string(),
    level: z.enum(["failure", "warning"]),
  }),
);
export type Annotation = z.infer<typeof Annotation>;
