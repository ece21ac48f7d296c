import { z } from "zod";
import { RepoFacts } from "../messages.ts";

/** A pull request whose review waits for silence: what the calendar looks for, so that it need not list all of GitHub. */
export const ReviewMarker = z.readonly(
  z.strictObject({
    v: z.literal(1),
    repo: RepoFacts,
    number: z.int(),
    /** When silence counts as consent, ISO 8601. */
    until: z.string(),
  }),
);
export type ReviewMarker = z.infer<typeof ReviewMarker>;

export const REVIEWS_OPEN = "reviews-open/";

export const markerKey = (repoId: number, number: number): string => `${REVIEWS_OPEN}${repoId}/${number}`;
