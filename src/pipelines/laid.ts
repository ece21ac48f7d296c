import { z } from "zod";

/** Why a commit is built, for `/why`: the rule that allowed it, and who spoke where somebody did. */
export const Leave = z.readonly(z.strictObject({ rule: z.string(), by: z.optional(z.string()) }));

/** What could have been built and is not, and why. */
export const Left = z.readonly(z.strictObject({ what: z.string(), because: z.string() }));

/** An alias of a target as it stood when the run was laid out; `was`: until then it stood for another one. */
export const Followed = z.readonly(
  z.strictObject({ alias: z.string(), target: z.string(), was: z.optional(z.string()) }),
);
export type Followed = z.infer<typeof Followed>;
