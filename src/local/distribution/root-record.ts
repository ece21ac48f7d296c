import { z } from "zod";
import { Arch } from "../../pipelines/run.ts";

/** What is remembered of a root beside its files. */
export const RootRecord = z.strictObject({
  arch: Arch,
  kind: z.string(),
  packages: z.readonly(z.array(z.string())),
});
