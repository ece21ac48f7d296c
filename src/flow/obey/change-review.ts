import { type Review, newReview, reviewKey } from "../../bot/review/review.ts";
import { changeRecord } from "../change-record.ts";
import type { DecidePorts } from "../decide/ports.ts";

/** The only writer of a review. */
export async function changeReview(
  { reviews }: Pick<DecidePorts, "reviews">,
  of: { readonly repo: { readonly id: number }; readonly number: number },
  change: (review: Review) => Review,
): Promise<Review> {
  const written = await changeRecord(reviews, reviewKey(of.repo.id, of.number), (was) => {
    const now = change(was ?? newReview);
    return now === newReview ? undefined : now;
  });
  return written ?? newReview;
}
