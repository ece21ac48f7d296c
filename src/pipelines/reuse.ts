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
  }),
);
export type Reuse = z.infer<typeof Reuse>;
