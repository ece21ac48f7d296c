import { z } from "zod";
import { slug } from "./run.ts";

/** The newest commit of a pull request or branch that we decided about, and the run it led to. */
export const Newest = z.readonly(
  z.strictObject({
    v: z.literal(1),
    sha: z.string(),
    run: z.optional(z.string()),
    /** When this commit was first seen here, ISO 8601. */
    since: z.optional(z.string()),
    /** Why nothing is built, in a few words, where nothing is. */
    refused: z.optional(z.string()),
    /** What to look at before an ACK, as Markdown. */
    risks: z.optional(z.string()),
  }),
);
export type Newest = z.infer<typeof Newest>;

export const pullKey = (repo: number, pull: number): string => `heads/${repo}/pull/${pull}`;
export const branchKey = (repo: number, branch: string): string => `heads/${repo}/branch/${slug(branch)}`;
