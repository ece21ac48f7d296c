import ical, { ICalEventTransparency } from "ical-generator";
import type { Releases } from "./releases.ts";
import { changeLine, words } from "./words.ts";

const LINES = 20;

/** The releases of a channel, and the last day of its support, as an iCalendar. Its bytes follow from the list alone. */
export function calendarOf(all: Releases): string {
  const { repository, channel, url, metadata } = all;
  // Many repositories share a host.
  const place = `${channel}.${repository.replaceAll("/", ".")}@${new URL(url).host}`;
  const calendar = ical({
    name: words.title(all),
    description: words.about(all),
    prodId: { company: "Millwright", product: "Releases", language: "EN" },
    url: `${url}/releases.ics`,
  });
  for (const one of all.releases) {
    const lines = one.changes.slice(0, LINES).map(changeLine);
    const more = one.changed - lines.length;
    calendar.createEvent({
      id: `${one.release}.${place}`,
      stamp: new Date(one.at),
      start: new Date(one.at),
      transparency: ICalEventTransparency.TRANSPARENT,
      summary: words.release(all, one),
      description: [
        ...words.facts(one),
        words.changes(one),
        ...lines,
        ...(more > 0 ? [words.more(more)] : []),
      ].join("\n"),
      url: one.metadata,
    });
  }
  const until = all["support-until"];
  if (until !== undefined)
    calendar.createEvent({
      id: `end-of-support.${place}`,
      stamp: new Date(metadata["last-modified"]),
      start: new Date(`${until}T00:00:00Z`),
      timezone: "UTC",
      allDay: true,
      transparency: ICalEventTransparency.TRANSPARENT,
      summary: words.endOfLife(all),
    });
  return `${calendar.toString()}\r\n`;
}
