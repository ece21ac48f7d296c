import type { EventsMessage } from "../../bot/messages.ts";
import { ReviewMarker, REVIEWS_OPEN } from "../../bot/review/marker.ts";
import type { Blobs, Clock, Queue } from "../../ports.ts";
import { forEach } from "../for-each.ts";

export interface TendReviewsPorts {
  readonly blobs: Pick<Blobs, "list" | "get" | "remove">;
  readonly events: Queue<EventsMessage>;
  readonly clock: Clock;
}

/**
 * Pull requests whose silence is over are judged anew, and what is shown of them is what that gives. Who still waits by
 * then writes the marker again, so nothing needs to take it away when a review is settled or a pull request closed.
 */
export async function tendReviews({ blobs, events, clock }: TendReviewsPorts): Promise<void> {
  const markers = await blobs.list(REVIEWS_OPEN);
  await forEach(markers, "reviews that wait", async ({ key }) => {
    const marker = await blobs.get(key);
    if (!marker) return;
    const { repo, number, until } = ReviewMarker.parse(JSON.parse(new TextDecoder().decode(marker.value)));
    if (until > clock()) return;
    await events.send({ v: 1, event: { kind: "pull-changed", repo, number } });
    await blobs.remove(key, marker.version);
  });
}
