import { type CalendarPorts, expireChannels } from "./expire-channels.ts";
import { forEach } from "./for-each.ts";
import { tendNights } from "./tend-nights.ts";
import { tendReviews } from "./tend-reviews.ts";
import { watchChannels } from "./watch-channels.ts";
import { watchKeys } from "./watch-keys.ts";

/** All that is done because time has passed; each part by itself. */
const PARTS: readonly ((ports: CalendarPorts) => Promise<void>)[] = [
  expireChannels,
  watchChannels,
  tendReviews,
  tendNights,
  watchKeys,
];

/** schedule -> what is due. */
export function tendCalendar(ports: CalendarPorts) {
  return async (): Promise<void> => forEach(PARTS, "parts of the calendar", (part) => part(ports));
}
