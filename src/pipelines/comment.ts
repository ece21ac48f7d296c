import { z } from "zod";

/** Which of a pull request's comments is the one of ours that is edited in place. */
export const Comment = z.readonly(z.strictObject({ v: z.literal(1), id: z.int() }));
export type Comment = z.infer<typeof Comment>;

export const commentKey = (repo: number, pull: number): string => `comments/${repo}/${pull}.json`;
