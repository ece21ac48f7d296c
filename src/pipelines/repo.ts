import { z } from "zod";

/** A packaging repository; `id` is GitHub's and survives renames, `installation` is the app's there. */
export const Repo = z.readonly(
  z.strictObject({
    id: z.int(),
    /** GitHub's global id. */
    node: z.string(),
    owner: z.string(),
    name: z.string(),
    installation: z.int(),
    private: z.boolean(),
  }),
);
export type Repo = z.infer<typeof Repo>;
