import { expireChannels } from "./expire-channels.ts";
import { forEach } from "../for-each.ts";
import { tendNights } from "./nights.ts";
import { type TendRebuildPorts, tendRebuilds } from "./rebuilds.ts";
import { tendReviews } from "./reviews.ts";
import { tendUpstreams, type WatchPorts } from "./upstreams.ts";
import { watchChannels } from "./watch-channels.ts";
import { watchKeys } from "./watch-keys.ts";

type Ports = WatchPorts & TendRebuildPorts;

/** All that is done because time has passed; each part by itself. */
const PARTS: readonly ((ports: Ports) => Promise<void>)[] = [
  expireChannels,
  watchChannels,
  tendReviews,
  tendNights,
  watchKeys,
  tendUpstreams,
  tendRebuilds,
];

/** schedule -> what is due. */
export function tendCalendar(ports: Ports) {
  return async (): Promise<void> => forEach(PARTS, "parts of the calendar", (part) => part(ports));
}
