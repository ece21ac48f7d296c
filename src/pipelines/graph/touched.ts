import { z } from "zod";

/** A recipe that a change would touch; `repo`: `owner/name`, where that is another one. */
const TouchedRecipe = z.readonly(
  z.strictObject({ kind: z.enum(["rpm", "image", "tree"]), name: z.string(), repo: z.optional(z.string()) }),
);

/** What depends on what a run builds, by what was published last: directly, and behind that. The first ones, and how many in all. */
export const Touches = z.readonly(
  z.strictObject({
    direct: z.readonly(z.array(TouchedRecipe)),
    directs: z.int(),
    behind: z.readonly(z.array(TouchedRecipe)),
    behinds: z.int(),
  }),
);
export type Touches = z.infer<typeof Touches>;
