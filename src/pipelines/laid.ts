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

/** What a build is built with beside its root, and why it is built again, where it is. */
export const Again = z.readonly(
  z.strictObject({
    /** SHA-256 in hex of the outputs that it is built with, of recipes that it needs. */
    needs: z.string(),
    /** Recipes that it needs whose output is another now, by path, and which turn of theirs that is. */
    after: z.optional(z.record(z.string(), z.int())),
  }),
);
export type Again = z.infer<typeof Again>;

/** One step of building again what depends on a push of `sha`. */
export const rebuildStep = {
  branch: z.string(),
  sha: z.string(),
  /** When that push began, ISO 8601 in UTC: what is built again of it is newer than it, and older than the next. */
  since: z.string(),
  /** Counts all that is built again for the channel; what is built in a step depends on nothing of a later one. */
  step: z.int(),
  /** Is what comes out followed to what needs it in turn? */
  reach: z.enum(["direct", "transitive"]),
};
