import { z } from "zod";
import { File } from "./stage.ts";

/** A build that passed, kept under its inputs so that it need not be made again. */
export const Reuse = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** The attempt that made it. */
    from: z.string(),
    prefix: z.string(),
    files: z.readonly(z.array(File)),
    /** Small facts that its stage told, such as the digest of its script. */
    facts: z.optional(z.record(z.string(), z.string())),
  }),
);
export type Reuse = z.infer<typeof Reuse>;
