import { type Review, newReview, reviewKey } from "../bot/review.ts";
import type { DecidePorts } from "./decide-ports.ts";

/** The only writer of a review: read, change, compare-and-swap. */
export async function changeReview(
  { reviews }: Pick<DecidePorts, "reviews">,
  of: { readonly repo: { readonly id: number }; readonly number: number },
  change: (review: Review) => Review,
): Promise<Review> {
  const key = reviewKey(of.repo.id, of.number);
  for (;;) {
    const record = await reviews.read(key);
    const before = record?.value ?? newReview;
    const after = change(before);
    if (after === before) return before;
    const isWritten = record
      ? await reviews.replace(key, after, record.version)
      : await reviews.create(key, after);
    if (isWritten) return after;
  }
}
