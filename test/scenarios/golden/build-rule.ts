import { z } from "zod";

/** How a build ends. `held` until the script lets it go; what is printed before the end is its log. */
const Outcome = z.enum(["passed", "failed", "held", "infrastructure", "refused", "conflict"]);

/** Which builds a rule is about (all that is absent fits), and what becomes of them. The first rule that fits counts. */
export const BuildRule = z.strictObject({
  trigger: z.enum(["pull", "push", "queue"]).optional(),
  stage: z.enum(["source", "build", "publish"]).optional(),
  recipe: z.string().optional(),
  arch: z.string().optional(),
  attempt: z.int().optional(),
  ends: Outcome,
  /** A file of `test/fixtures/logs`. */
  log: z.string().optional(),
  /** What a build that passes lists of its packages, in place of the usual. */
  lists: z.string().optional(),
  /** What follows `millwright: <ends>:` in the log of a build that confesses. */
  because: z.string().optional(),
});
export type BuildRule = z.infer<typeof BuildRule>;
