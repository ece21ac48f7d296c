import { z } from "zod";
import { directoryOf } from "./retention.ts";

/** What of a snapshot's record (`snapshot.json`) tells which packages it has: a list of gzip members, whose sizes in bytes
 *  are known. `path` is below the snapshot. */
export const SnapshotRecord = z.object({
  at: z.string(),
  files: z.object({
    list: z.object({ path: z.string(), head: z.int(), chunks: z.array(z.int()) }),
  }),
});
export type SnapshotRecord = z.infer<typeof SnapshotRecord>;

const Listed = z.object({ path: z.string() });

/** The directories of the pool that the lines of a snapshot's list lie in, relative to the channel. */
export const directoriesIn = (target: string, text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => directoryOf(`${target}/${Listed.parse(JSON.parse(line)).path}`));

/** What a channel keeps and why, and what goes: sizes in bytes, keys below the channel's place. */
export const PrunePlan = z.readonly(
  z.strictObject({
    v: z.literal(1),
    at: z.string(),
    place: z.string(),
    keepDays: z.int(),
    stays: z.readonly(
      z.array(z.strictObject({ target: z.string(), snapshot: z.int(), because: z.string() })),
    ),
    /** Of each ref the commits that stay. */
    trees: z.optional(
      z.readonly(z.array(z.strictObject({ ref: z.string(), commit: z.string(), because: z.string() }))),
    ),
    bytes: z.int(),
    keys: z.readonly(z.array(z.string())),
  }),
);
export type PrunePlan = z.infer<typeof PrunePlan>;
