/** Points in time are ISO 8601 in UTC, with whole seconds (as GitHub tells them) or with milliseconds. */

/** In a form that sorts as text. */
export const exact = (at: string): string =>
  at.length === "2026-01-01T00:00:00Z".length ? `${at.slice(0, -1)}.000Z` : at;

export const isLater = (at: string, than: string): boolean => exact(at) > exact(than);

export const latest = (first: string, ...others: readonly string[]): string =>
  others.reduce((last, at) => (isLater(at, last) ? at : last), first);

/** The same time of day so many days later. */
export function daysLater(at: string, days: number): string {
  let [year = 0, month = 0, day = 0] = at.slice(0, "2026-01-01".length).split("-").map(Number);
  day += days;
  while (day > daysIn(year, month)) {
    day -= daysIn(year, month);
    year += month === 12 ? 1 : 0;
    month = (month % 12) + 1;
  }
  const date = [String(year).padStart(4, "0"), ...[month, day].map((part) => String(part).padStart(2, "0"))];
  return `${date.join("-")}${exact(at).slice("2026-01-01".length)}`;
}

const THIRTY = new Set([4, 6, 9, 11]);

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return THIRTY.has(month) ? 30 : 31;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
